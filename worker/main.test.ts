import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createSealingKey, PRIVATE_KEY_FILE } from '@/lib/credentials/keys';
import type { TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type EmulatedMicrosoft, emulateMicrosoft } from '@/test/emulated-microsoft';

/** A process start on a busy machine. */
const START_MS = 60_000;
const project = path.resolve(import.meta.dirname, '..');

let database: TestDatabase;
let microsoft: EmulatedMicrosoft;

beforeAll(async () => {
  database = await createTestDatabase();
  microsoft = await emulateMicrosoft(database);
  await database.admin.query('LISTEN watchfold');
});

afterAll(async () => {
  await microsoft.close();
  await database.close();
});

interface RunningWorker {
  child: ChildProcess;
  output(): string;
  /** Resolves when a line of the output holds `text`. */
  says(text: string): Promise<void>;
  ended: Promise<number | null>;
}

function start(environment: Record<string, string>): RunningWorker {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'worker/main.ts'], {
    cwd: project,
    // Nothing is inherited: what the worker needs is named here.
    env: environment as NodeJS.ProcessEnv,
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const says = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!text.includes(wanted)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then((code) => reject(new Error(`The worker ended with ${code}:\n${text}`)));
    });
  return { child, output: () => text, says, ended };
}

function environment(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    WATCHFOLD_CLOUD: 'custom',
    WATCHFOLD_PUBLIC_URL: 'http://localhost:3999',
    WATCHFOLD_LOGIN_ORIGIN: microsoft.cloud.loginOrigin,
    WATCHFOLD_GRAPH_ORIGIN: microsoft.cloud.graphOrigin,
    WATCHFOLD_SEALING_PRIVATE_KEY: microsoft.privateKeyFile,
    WATCHFOLD_SYNC_INTERVAL_SECONDS: '1',
  };
}

/** Resolves once the query answers `yes`, which it is asked again whenever the worker says that something changed. */
async function until(query: string, { tenantId }: TestCustomer): Promise<void> {
  for (;;) {
    const changed = once(database.admin, 'notification');
    const { rows } = await database.admin.query<{ yes: boolean }>(query, [tenantId]);
    if (rows[0]?.yes) return;
    await changed;
  }
}

const HAS_READ = `SELECT (SELECT count(*) FROM incident WHERE tenant_id = $1) = 12
  AND (SELECT history_complete FROM sync_state WHERE tenant_id = $1) AS yes`;

async function approvedCustomer(): Promise<TestCustomer> {
  const customer = await microsoft.addCustomer({ state: 'consented', incidents: 12 });
  await microsoft.consent(customer);
  await database.admin.query('UPDATE connection SET proof_due_at = clock_timestamp() WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
  return customer;
}

test('a wrong environment is listed whole and ends the process', { timeout: START_MS }, async () => {
  const { ended, output } = start({ WATCHFOLD_CLOUD: 'moon' });
  expect(await ended).toBe(1);
  for (const name of ['DATABASE_URL', 'WATCHFOLD_CLOUD', 'WATCHFOLD_PUBLIC_URL', 'WATCHFOLD_SEALING_PRIVATE_KEY']) {
    expect(output()).toContain(`- ${name}`);
  }
});

test('a key that opens nothing ends the process with a message that says so', { timeout: START_MS }, async () => {
  const folder = fs.mkdtempSync(path.join(path.dirname(microsoft.privateKeyFile), 'other-'));
  await createSealingKey(folder);
  const wrong = { WATCHFOLD_SEALING_PRIVATE_KEY: path.join(folder, PRIVATE_KEY_FILE) };
  const { ended, output } = start({ ...environment(database.urls.worker), ...wrong });
  expect(await ended).toBe(1);
  expect(output()).toContain(`"read" registration can't be opened with this key`);
});

test("the portal's login is refused", { timeout: START_MS }, async () => {
  const { ended, output } = start(environment(database.urls.web));
  expect(await ended).toBe(1);
  expect(output()).toContain('The database is not fit to run on');
});

test('an approval is proved, its incidents are read, and a signal ends it all in time', {
  timeout: 60_000,
}, async () => {
  const worker = start(environment(database.urls.worker));
  await worker.says('Watchfold worker is ready');
  const customer = await approvedCustomer();
  await until(HAS_READ, customer);
  const asked = performance.now();
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(worker.output()).not.toContain(new URL(database.urls.worker).password);
  expect(worker.output()).not.toMatch(/eyJ[\w-]{10,}\./);
});

/** A database that can be away: a door in front of the real one. */
async function door(url: string) {
  const real = new URL(url);
  const [realHost, realPort] = [real.hostname, Number(real.port)];
  const open = new Set<net.Socket>();
  const accept = (socket: net.Socket) => {
    const onward = net.connect(realPort, realHost);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  };
  const reserve = net.createServer();
  await new Promise<void>((resolve) => reserve.listen(0, '127.0.0.1', resolve));
  const { port } = reserve.address() as AddressInfo;
  await new Promise((resolve) => reserve.close(resolve));
  let server: net.Server | null = null;
  const close = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
  };
  onTestFinished(close);
  real.port = String(port);
  return {
    url: new URL(real).toString(),
    close,
    async open() {
      server = net.createServer(accept);
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    },
  };
}

test('a database that is away at the start or later is waited for, and work goes on', { timeout: 90_000 }, async () => {
  const way = await door(database.urls.worker);
  const worker = start(environment(way.url));
  await worker.says('Waiting for the database');
  await way.open();
  await worker.says('Watchfold worker is ready');
  await until(HAS_READ, await approvedCustomer());
  await way.close();
  await worker.says('Work can not be looked up');
  const meanwhile = await approvedCustomer();
  await way.open();
  await worker.says('The database answers again');
  await until(HAS_READ, meanwhile);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
});
