/** `npm run demo`: the whole product on this machine, with customers that came in through its own pages. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accountManager, playStory, REVOKED_LATER } from './demo-story.ts';
import { type CustomerLine, readCustomers } from './portal-visits.ts';
import { type Stack, startStack } from './stack.ts';
import { Teardown } from './teardown.ts';
import type { Visitor } from './visitor.ts';

const project = path.resolve(import.meta.dirname, '..');
const SYNC_INTERVAL_SECONDS = 15;
const PROBE_INTERVAL_SECONDS = 30;
const CALLS_PER_MINUTE = 50;
const PROOF_WINDOW_SECONDS = 90;
const SETTLE_MS = 120_000;
const LOOK_MS = 2_000;

const start = Date.now();
const say = (line: string) => console.log(line);

function wantedPort(): number {
  const text = process.env['PORT'] || '3000';
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`PORT must be a number from 1 to 65535, not "${text}"`);
}

/** Looks until `isDone`, or until the time is up: the demo is ready either way, and says what it sees. */
async function watchCustomers(
  stack: Stack,
  manager: Visitor,
  isDone: (lines: CustomerLine[]) => boolean,
): Promise<CustomerLine[]> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const lines = await readCustomers(stack, manager);
    if (isDone(lines) || Date.now() > deadline) return lines;
    await delay(LOOK_MS);
  }
}

const isSettled = ({ connection }: CustomerLine) => !connection.startsWith('Approved');

async function revokeOne(stack: Stack, manager: Visitor): Promise<void> {
  const { tenants } = await stack.control.state();
  const tenant = tenants.find(({ domain }) => domain === REVOKED_LATER);
  if (!tenant) return;
  const isIn = (state: string) => (lines: CustomerLine[]) =>
    lines.some(({ name, connection }) => name === tenant.displayName && connection === state);
  await watchCustomers(stack, manager, isIn('Verified'));
  say(`${tenant.displayName} deletes the application from its Entra tenant …`);
  await stack.control.revoke(tenant.tid, stack.partner.readerAppId);
  await watchCustomers(stack, manager, isIn('Revoked'));
}

async function bringAbout(stack: Stack, folder: string): Promise<CustomerLine[]> {
  const marker = path.join(folder, 'story-told');
  if (fs.existsSync(marker)) return readCustomers(stack, await accountManager(stack));
  await playStory(stack, say);
  const manager = await accountManager(stack);
  say('Watchfold proves the approvals with Microsoft …');
  await watchCustomers(stack, manager, (lines) => lines.every(isSettled));
  await revokeOne(stack, manager);
  fs.writeFileSync(marker, '');
  return readCustomers(stack, manager);
}

const WHO = [
  ['lars.holm@nordsikring.dk', 'administrator'],
  ['mette.krogh@nordsikring.dk', 'account manager: adds customers'],
  ['jens.holm@nordsikring.dk', 'analyst, every customer assigned'],
  ['sara.lind@nordsikring.dk', 'analyst, four customers assigned'],
  ['anna.berg@nordsikring.dk', 'auditor'],
] as const;

function sayReady(stack: Stack, folder: string, customers: CustomerLine[]): void {
  const width = Math.max(...customers.map(({ name }) => name.length));
  say('\nCustomers:');
  for (const { name, connection, nextStep } of customers) {
    say(`  ${name.padEnd(width)}  ${connection.padEnd(18)}  ${nextStep}`);
  }
  say('\nWho can sign in (choose the account, there is no password):');
  for (const [account, what] of WHO) say(`  ${account.padEnd(28)}${what}`);
  say(`\nData and logs are in ${folder}; Ctrl-C ends everything, the next run continues.`);
  say(`Emulated Microsoft: ${stack.loginOrigin} (sign-in), ${stack.graphOrigin} (Graph)`);
  say(`Ready after ${Math.round((Date.now() - start) / 1000)} s.`);
  say(`Watchfold is ready: ${stack.portalUrl}`);
}

const teardown = new Teardown();
teardown.endOnSignals();
try {
  const folder = path.join(path.resolve(process.env['WATCHFOLD_DATA'] || path.join(project, '.data')), 'demo');
  const stack = await startStack(
    {
      folder,
      port: wantedPort(),
      world: 'demo',
      syncIntervalSeconds: SYNC_INTERVAL_SECONDS,
      probeIntervalSeconds: PROBE_INTERVAL_SECONDS,
      proofWindowSeconds: PROOF_WINDOW_SECONDS,
      callsPerMinute: CALLS_PER_MINUTE,
      durable: true,
      say,
    },
    teardown,
  );
  sayReady(stack, folder, await bringAbout(stack, folder));
  const { emulator, worker, portal } = stack.parts;
  const name = await Promise.race(
    [emulator, worker, portal].map(async (part) => {
      await part.ended;
      return part.name;
    }),
  );
  if (!teardown.isEnding) throw new Error(`The ${name} has ended by itself; its log is in ${stack.logFolder}`);
} catch (error) {
  if (!teardown.isEnding) {
    console.error((error as Error).message);
    await teardown.end();
    process.exit(1);
  }
}
