/** Where the recorded answers lie that `npm run test:samples` reads: WATCHFOLD_SAMPLES, or a folder beside the checkout. */
import fs from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

const project = path.resolve(import.meta.dirname, '..');

declare module 'vitest' {
  interface ProvidedContext {
    samplesFolder: string;
  }
}

/** Vitest's global set-up; without a folder nothing would be tested, so that is a failure. */
export default function setUp(vitest: TestProject): void {
  const folder = path.resolve(project, process.env['WATCHFOLD_SAMPLES'] || '../shared/samples');
  if (!fs.existsSync(folder)) throw new Error(`There is no folder of samples: ${folder} (WATCHFOLD_SAMPLES)`);
  vitest.provide('samplesFolder', folder);
}
