/** `npm run build`: database client, bundled worker, production build of the portal. */
import { build } from './build-output.ts';
import { Teardown } from './teardown.ts';

const teardown = new Teardown();
teardown.endOnSignals();
try {
  await build(teardown);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
