/** `npm test`: every suite, on real parts; the last line is the sum. */
import fs from 'node:fs';
import path from 'node:path';
import { generateClient } from './build-output.ts';
import { runJourneys } from './journeys.ts';
import { startInView } from './processes.ts';
import { Teardown } from './teardown.ts';
import { type Counts, concludeWith, NOTHING_RAN, sumOf } from './test-counts.ts';

const project = path.resolve(import.meta.dirname, '..');
const RESULTS = path.join(project, 'test-results/units.json');

/** Rules, queries and services, each on what is real: PostgreSQL, MSAL, the emulator. */
async function runUnits(teardown: Teardown): Promise<Counts> {
  await generateClient(teardown);
  console.log('Running the tests of rules, database and services …');
  fs.rmSync(RESULTS, { force: true });
  const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`];
  const run = await teardown.start(() =>
    startInView([vitest, 'run', ...reporters], { cwd: project, env: process.env }),
  );
  const result = await run.ended;
  if (!fs.existsSync(RESULTS)) return NOTHING_RAN;
  const counts = JSON.parse(fs.readFileSync(RESULTS, 'utf8')) as Record<string, number>;
  const passed = counts['numPassedTests'] ?? 0;
  const failed = (counts['numFailedTests'] ?? 0) + (counts['numPendingTests'] ?? 0) + (counts['numTodoTests'] ?? 0);
  // A file that could not be loaded fails the run without a failed test.
  return { passed, failed: failed === 0 && result !== 0 ? 1 : failed };
}

async function counted(what: string, run: () => Promise<Counts>): Promise<Counts> {
  try {
    const counts = await run();
    console.log(`${what}: ${counts.passed} passed, ${counts.failed} failed\n`);
    return counts;
  } catch (error) {
    console.error(`${what}: ${(error as Error).message}\n`);
    return NOTHING_RAN;
  }
}

const teardown = new Teardown();
teardown.endOnSignals();
const units = await counted('Rules, database, services', () => runUnits(teardown));
const journeys = await counted('Journeys in the browser', () => runJourneys([], teardown));
await teardown.end();
concludeWith(sumOf([units, journeys]));
