/** `npm run test:samples`: our parsing on recorded answers that are not part of the project. Apart from `npm test`. */
import { defineConfig } from 'vitest/config';
import usual from './vitest.config.ts';

export default defineConfig({
  ...(usual.resolve ? { resolve: usual.resolve } : {}),
  test: {
    include: ['test/samples/*.samples.ts'],
    globalSetup: ['./scripts/samples-folder.ts'],
    setupFiles: ['./test/no-stray-errors.ts'],
    pool: 'forks',
    maxWorkers: 1,
    // Titles name a file and a record; cut short they would all read alike.
    taskTitleValueFormatTruncate: 0,
    passWithNoTests: false,
    allowOnly: false,
  },
});
