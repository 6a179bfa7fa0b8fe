/** Bundles the worker's own code into dist/worker.mjs; packages stay where npm put them. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

await build({
  absWorkingDir: project,
  entryPoints: ['worker/main.ts'],
  outfile: 'dist/worker.mjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // `server-only` refuses to be loaded without it.
  conditions: ['react-server'],
  packages: 'external',
  alias: { '@': project, 'server-only': path.join(project, 'node_modules/server-only/empty.js') },
  sourcemap: true,
  logLevel: 'warning',
});
