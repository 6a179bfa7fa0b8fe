/** `npm run test:journeys`: the browser tests alone; Playwright's arguments after `--`. */
import { runJourneys } from './journeys.ts';
import { Teardown } from './teardown.ts';
import { concludeWith } from './test-counts.ts';

const teardown = new Teardown();
teardown.endOnSignals();
try {
  const counts = await runJourneys(process.argv.slice(2), teardown);
  await teardown.end();
  concludeWith(counts);
} catch (error) {
  console.error((error as Error).message);
  await teardown.end();
  process.exitCode = 1;
}
