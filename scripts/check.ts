/** `npm run check`: what needs no running product: format and lint, types, unused code, import rules. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { generateClient } from './build-output.ts';
import { Teardown } from './teardown.ts';

const project = path.resolve(import.meta.dirname, '..');
const tool = (file: string) => path.join(project, 'node_modules', file);

const CHECKS: { what: string; args: string[] }[] = [
  { what: 'Format and lint', args: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  { what: 'Types of the routes', args: [tool('next/dist/bin/next'), 'typegen'] },
  { what: 'Types', args: [tool('typescript/bin/tsc'), '--noEmit', '-p', project] },
  { what: 'Unused code and packages', args: [tool('knip/bin/knip.js'), '--no-config-hints'] },
  { what: 'Import rules', args: [tool('vitest/vitest.mjs'), 'run', 'architecture.test.ts'] },
];

function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

const teardown = new Teardown();
teardown.endOnSignals();
let failures = 0;
await generateClient(teardown);
// What a development server wrote about routes outlives the routes; the build's own are made below.
fs.rmSync(path.join(project, '.next/dev/types'), { recursive: true, force: true });
// One after the other: each uses all cores, and the first complaint is read first.
for (const { what, args } of CHECKS) {
  const start = Date.now();
  const { code, output } = await run(args);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  if (code === 0) continue;
  failures++;
  console.log(output);
}
process.exitCode = failures > 0 ? 1 : 0;
