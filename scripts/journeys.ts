/**
 * Runs the browser tests (e2e/) on a fresh Watchfold of its own: `npm run test:journeys`, with Playwright's arguments
 * after `--`.
 */

import fs from 'node:fs';
import path from 'node:path';
import { ensureChromium } from './chromium.ts';
import { postgresFolder, removePostgres } from './embedded-postgres.ts';
import { freePort } from './ports.ts';
import { startInView } from './processes.ts';
import { lockRun } from './run-lock.ts';
import { type Stack, startStack } from './stack.ts';
import type { Teardown } from './teardown.ts';
import { type Counts, NOTHING_RAN } from './test-counts.ts';

const project = path.resolve(import.meta.dirname, '..');
const PARENT = path.join(project, '.data');
const RUN_FOLDER = /^journeys-\d+$/;
const PORTAL_PORT = 3300;
const RESULTS = path.join(project, 'test-results/journeys.json');

/** Short, so that a journey need not wait; the rules are the same as with a minute. */
const SYNC_INTERVAL_SECONDS = 2;
const PROBE_INTERVAL_SECONDS = 5;
const PROOF_WINDOW_SECONDS = 20;
/** Polling every two seconds is beyond what Microsoft allows; the emulated tenants are told to allow it. */
const CALLS_PER_MINUTE = 5_000;

/** What the tests are told of the running product; read by e2e/support. */
export interface JourneyPlace {
  portalUrl: string;
  controlOrigin: string;
  loginOrigin: string;
  adminUrl: string;
  logFolder: string;
  databasePid: number;
  databaseFolder: string;
  setUpCode: string;
  readerSecret: string;
  syncIntervalSeconds: number;
  /** Values that no page, log or bundle may hold. */
  secrets: string[];
}

async function removeLeftovers(): Promise<void> {
  if (!fs.existsSync(PARENT)) return;
  for (const name of fs.readdirSync(PARENT).filter((entry) => RUN_FOLDER.test(entry))) {
    const folder = path.join(PARENT, name);
    try {
      const lock = await lockRun(folder);
      await removePostgres(postgresFolder(folder, 'database', folder));
      await lock.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // A run that is alive keeps its folder.
    }
  }
}

async function placeOf(stack: Stack): Promise<JourneyPlace> {
  const { portalUrl, controlOrigin, loginOrigin, adminUrl, logFolder, readerSecret, secrets } = stack;
  const { databasePid, databaseFolder } = stack;
  return {
    portalUrl,
    controlOrigin,
    loginOrigin,
    adminUrl,
    logFolder,
    databasePid,
    databaseFolder,
    readerSecret,
    secrets,
    setUpCode: await stack.setUpCode(20_000),
    syncIntervalSeconds: SYNC_INTERVAL_SECONDS,
  };
}

function countsFrom(file: string): Counts {
  if (!fs.existsSync(file)) return NOTHING_RAN;
  const { stats, errors } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    errors: unknown[];
  };
  // A skipped or flaky test is none that passed.
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length };
}

/** Starts the product, runs the journeys against it and counts; what it started is `teardown`'s to end. */
export async function runJourneys(args: string[], teardown: Teardown): Promise<Counts> {
  const say = (line: string) => console.log(line);
  ensureChromium(say);
  await removeLeftovers();
  fs.rmSync(RESULTS, { force: true });
  const folder = path.join(PARENT, `journeys-${process.pid}`);
  const stack = await startStack(
    {
      folder,
      port: await freePort(PORTAL_PORT),
      world: 'empty',
      syncIntervalSeconds: SYNC_INTERVAL_SECONDS,
      probeIntervalSeconds: PROBE_INTERVAL_SECONDS,
      proofWindowSeconds: PROOF_WINDOW_SECONDS,
      callsPerMinute: CALLS_PER_MINUTE,
      durable: false,
      say,
    },
    teardown,
  );
  say('Running the journeys in Chromium …');
  const playwright = path.join(project, 'node_modules/@playwright/test/cli.js');
  const env = { ...process.env, WATCHFOLD_JOURNEYS: JSON.stringify(await placeOf(stack)) };
  const run = await teardown.start(() => startInView([playwright, 'test', ...args], { cwd: project, env }));
  await run.ended;
  const counts = countsFrom(RESULTS);
  if (counts.failed > 0) say(`The logs of the parts are in ${stack.logFolder}`);
  return counts;
}
