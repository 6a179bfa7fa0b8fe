/**
 * The whole of Watchfold on one machine: PostgreSQL, emulator, worker and portal, each a process of its own as in
 * production. The demo and the browser tests stand on it.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildIfStale } from './build-output.ts';
import { type DatabaseUrls, migrate, setUpDatabaseOnce } from './database.ts';
import { postgresFolder, startPostgres } from './embedded-postgres.ts';
import { type EmulatedPartner, emulatedPartner } from './emulated-partner.ts';
import { controlOf, type EmulatorControl } from './emulator-control.ts';
import { freePort } from './ports.ts';
import { type Environment, type Part, runCommand, startPart } from './processes.ts';
import { lockRun } from './run-lock.ts';
import type { Teardown } from './teardown.ts';

const project = path.resolve(import.meta.dirname, '..');
const EMULATOR_START_MS = 60_000;
const PART_START_MS = 60_000;
const CREDENTIAL_LIFE_DAYS = 180;
const SET_UP_CODE = /enter this code: ([A-Z0-9-]+)/;

export interface StackOptions {
  /** Everything that outlives a run: database, emulator's state, keys, secrets, logs. */
  folder: string;
  /** The portal's port, if it is free; else the next one. */
  port: number;
  world: 'demo' | 'empty';
  syncIntervalSeconds: number;
  probeIntervalSeconds: number;
  proofWindowSeconds: number;
  /** Microsoft's limit for one tenant, as the worker is told it. */
  callsPerMinute: number;
  /** False trades crash safety for speed, for tests. */
  durable: boolean;
  say(line: string): void;
}

export interface Stack {
  portalUrl: string;
  loginOrigin: string;
  graphOrigin: string;
  adminUrl: string;
  urls: DatabaseUrls;
  control: EmulatorControl;
  partner: EmulatedPartner;
  controlOrigin: string;
  parts: { emulator: Part; worker: Part; portal: Part };
  /** PostgreSQL's process, for those who end or freeze it. */
  databasePid: number;
  /** Where PostgreSQL's files are, for those who start it again. */
  databaseFolder: string;
  /** The code that the portal printed at this start, there being no administrator. */
  setUpCode(timeoutMs: number): Promise<string>;
  /** The reading application's secret, as the customers' Microsoft knows it. */
  readerSecret: string;
  /** Secrets that must show up nowhere outside their ciphertext. */
  secrets: string[];
  logFolder: string;
}

interface KeptSecrets {
  nextAuth: string;
  signIn: string;
  reader: string;
  isSealed: boolean;
}

function keptSecrets(file: string): KeptSecrets {
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')) as KeptSecrets;
  const fresh = () => randomBytes(32).toString('base64url');
  const secrets = { nextAuth: fresh(), signIn: fresh(), reader: fresh(), isSealed: false };
  fs.writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

const OURS = /^(WATCHFOLD_|SIGN_IN_|NEXTAUTH_|EMULATOR_|(ADMIN_)?DATABASE_URL$|PORT$|HOST$|NODE_ENV$)/;

/** The caller's environment without what configures Watchfold: each part is given its own. */
const bareEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

const tsx = (file: string) => ['--conditions=react-server', '--import', 'tsx', path.join(project, file)];

async function waitUntilReady(portal: Part, url: string): Promise<void> {
  const deadline = Date.now() + PART_START_MS;
  for (;;) {
    const response = await fetch(`${url}/api/ready`).catch(() => null);
    if (response?.ok) return;
    if (portal.hasEnded() || Date.now() > deadline) await portal.waitFor(/(?!)/, 0);
    await delay(100);
  }
}

async function startEmulatorPart(options: StackOptions, env: Environment, logFolder: string, teardown: Teardown) {
  const data = path.join(options.folder, 'emulator');
  fs.mkdirSync(data, { recursive: true });
  const login = await freePort(4080);
  const graph = await freePort(login + 1);
  const controlPort = await freePort(graph + 1);
  const part = await teardown.start(() =>
    startPart('emulator', ['--import', 'tsx', path.join(project, 'emulator/main.ts')], {
      cwd: project,
      logFile: path.join(logFolder, 'emulator.log'),
      env: {
        ...env,
        EMULATOR_DATA: data,
        EMULATOR_WORLD: options.world,
        EMULATOR_LOGIN_PORT: String(login),
        EMULATOR_GRAPH_PORT: String(graph),
        EMULATOR_CONTROL_PORT: String(controlPort),
      },
    }),
  );
  const [line] = await part.waitFor(/^\{"ready":true.*\}$/m, EMULATOR_START_MS);
  return { part, ...(JSON.parse(line) as { login: string; graph: string; control: string }) };
}

/** Gives the emulated applications their secrets and redirect addresses, as a person would in the Entra portal. */
async function configureApplications(
  control: EmulatorControl,
  partner: EmulatedPartner,
  secrets: KeptSecrets,
  portalUrl: string,
): Promise<void> {
  await control.putApplication(partner.signInAppId, {
    redirectUris: [`${portalUrl}/api/auth/callback/azure-ad`],
    secrets: [{ value: secrets.signIn }],
  });
  await control.putApplication(partner.readerAppId, {
    redirectUris: [`${portalUrl}/api/consent/callback`],
    secrets: [{ value: secrets.reader }],
  });
}

async function ensureKeys(folder: string, env: Environment): Promise<{ private: string; public: string }> {
  const keys = path.join(folder, 'keys');
  const files = { private: path.join(keys, 'sealing-private.jwk'), public: path.join(keys, 'sealing-public.jwk') };
  if (!fs.existsSync(files.private)) {
    await runCommand([...tsx('scripts/create-keys.ts'), '--out', keys], { cwd: project, env });
  }
  return files;
}

/** Seals the reading application's secret by the command that an administrator would use; the value goes over stdin. */
async function sealOnce(file: string, secrets: KeptSecrets, partner: EmulatedPartner, env: Environment): Promise<void> {
  if (secrets.isSealed) return;
  const expires = new Date(Date.now() + CREDENTIAL_LIFE_DAYS * 86_400_000).toISOString().slice(0, 10);
  const names = ['--tier', 'read', '--client-id', partner.readerAppId, '--display-name', partner.readerAppName];
  await runCommand([...tsx('scripts/seal-credential.ts'), ...names, '--kind', 'secret', '--expires', expires], {
    cwd: project,
    env,
    input: secrets.reader,
  });
  fs.writeFileSync(file, JSON.stringify({ ...secrets, isSealed: true }), { mode: 0o600 });
}

/** Starts all parts, building first when sources changed; `teardown` ends them, also when a later one fails to start. */
export async function startStack(options: StackOptions, teardown: Teardown): Promise<Stack> {
  const { folder, say } = options;
  fs.mkdirSync(folder, { recursive: true });
  const lock = await teardown.start(() => lockRun(folder));
  await buildIfStale(teardown);
  const logFolder = path.join(folder, 'logs');
  fs.mkdirSync(logFolder, { recursive: true });

  say('Starting PostgreSQL …');
  const base = postgresFolder(folder, 'database', folder);
  if (!base.startsWith(folder))
    say(`  its files are in ${base}: PostgreSQL can't run as root and can't enter ${folder}`);
  const postgres = await teardown.start(() => startPostgres({ base, durable: options.durable }));
  const urls = await setUpDatabaseOnce(postgres.adminUrl, 'watchfold', path.join(folder, 'database-logins.json'));
  await migrate(urls.owner);

  say('Starting the Microsoft emulator …');
  const bare = bareEnvironment();
  const emulator = await startEmulatorPart(options, bare, logFolder, teardown);
  lock.note('emulator', emulator.part.pid);
  const control = controlOf(emulator.control);
  const partner = await emulatedPartner(control);

  const port = await freePort(options.port);
  if (port !== options.port) say(`Port ${options.port} is taken; the portal gets ${port}.`);
  const portalUrl = `http://localhost:${port}`;
  const secretsFile = path.join(folder, 'secrets.json');
  const secrets = keptSecrets(secretsFile);
  await configureApplications(control, partner, secrets, portalUrl);
  const keys = await ensureKeys(folder, bare);
  const shared = {
    ...bare,
    WATCHFOLD_CLOUD: 'custom',
    WATCHFOLD_PUBLIC_URL: portalUrl,
    WATCHFOLD_LOGIN_ORIGIN: emulator.login,
    WATCHFOLD_GRAPH_ORIGIN: emulator.graph,
    WATCHFOLD_SYNC_INTERVAL_SECONDS: String(options.syncIntervalSeconds),
    NODE_ENV: 'production' as const,
  };
  const portalEnv = {
    ...shared,
    DATABASE_URL: urls.web,
    PORT: String(port),
    NEXTAUTH_SECRET: secrets.nextAuth,
    SIGN_IN_TENANT_ID: partner.tenantId,
    SIGN_IN_CLIENT_ID: partner.signInAppId,
    SIGN_IN_CLIENT_SECRET: secrets.signIn,
    WATCHFOLD_SEALING_PUBLIC_KEY: keys.public,
  };
  await sealOnce(secretsFile, secrets, partner, portalEnv);

  say('Starting the worker and the portal …');
  const startNoted = async (name: string, args: string[], env: Environment) => {
    const logFile = path.join(logFolder, `${name}.log`);
    const part = await teardown.start(() => startPart(name, args, { cwd: project, env, logFile }));
    lock.note(name, part.pid);
    return part;
  };
  const worker = await startNoted('worker', ['--conditions=react-server', path.join(project, 'dist/worker.mjs')], {
    ...shared,
    DATABASE_URL: urls.worker,
    WATCHFOLD_SEALING_PRIVATE_KEY: keys.private,
    WATCHFOLD_PROBE_INTERVAL_SECONDS: String(options.probeIntervalSeconds),
    WATCHFOLD_PROOF_WINDOW_SECONDS: String(options.proofWindowSeconds),
    WATCHFOLD_CALLS_PER_MINUTE: String(options.callsPerMinute),
  });
  const portal = await startNoted('portal', tsx('scripts/portal.ts'), portalEnv);
  await worker.waitFor(/ready/i, PART_START_MS);
  await waitUntilReady(portal, portalUrl);
  return {
    portalUrl,
    loginOrigin: emulator.login,
    graphOrigin: emulator.graph,
    adminUrl: postgres.adminUrl,
    urls,
    control,
    partner,
    controlOrigin: emulator.control,
    parts: { emulator: emulator.part, worker, portal },
    databasePid: postgres.pid,
    databaseFolder: base,
    setUpCode: async (timeoutMs) => (await portal.waitFor(SET_UP_CODE, timeoutMs))[1] ?? '',
    readerSecret: secrets.reader,
    secrets: [secrets.nextAuth, secrets.signIn, secrets.reader],
    logFolder,
  };
}
