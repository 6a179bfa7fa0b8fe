/** The import rules, on the project itself and on planted violations that show that each rule bites. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDERS, layerViolations, reachViolations } from '@/test/architecture/layers';
import { PLANTED } from '@/test/architecture/planted';
import { ruleViolations } from '@/test/architecture/rules';
import { importsOf, type SourceFile } from '@/test/architecture/source';

const root = import.meta.dirname;
/** Made by tools and ignored by git, besides folders whose name starts with a dot. */
const GENERATED = ['node_modules', 'dist', 'test-results', 'playwright-report', 'lib/db/generated'];
const RULES_THEMSELVES = ['test/architecture/planted.ts', 'test/architecture/rules.ts'];

function walk(folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || GENERATED.includes(name)) return [];
    return entry.isDirectory() ? walk(name) : [name];
  });
}

const names = walk('');
const files: SourceFile[] = names
  .filter((name) => /\.(ts|tsx|mjs|js)$/.test(name) && !name.endsWith('.d.ts') && !RULES_THEMSELVES.includes(name))
  .map((name) => ({ path: name, source: fs.readFileSync(path.join(root, name), 'utf8') }));

const violationsOf = (given: SourceFile[]) => [
  ...layerViolations(given),
  ...reachViolations(given),
  ...ruleViolations(given),
];

describe('the project', () => {
  it('is read as a whole', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(200);
  });

  it('keeps its import rules', () => {
    expect(violationsOf(files)).toEqual([]);
  });

  it('has no folder that nobody declared', () => {
    const folders = new Set(names.filter((name) => name.includes('/')).map((name) => name.split('/')[0]));
    expect([...folders].filter((folder) => folder !== undefined && !FOLDERS.includes(folder))).toEqual([]);
  });
});

describe('the rules', () => {
  it.each(PLANTED)('catch $what', ({ files: planted, caught }) => {
    expect(violationsOf(planted).join('\n')).toMatch(caught);
  });

  it('leave alone what is allowed', () => {
    const allowed: SourceFile[] = [
      { path: 'lib/env.ts', source: `import { cloudFrom } from './cloud';\nconst all = process.env;` },
      { path: 'components/incidents/row.tsx', source: `import type { Incident } from '@/lib/incidents/queries';` },
      { path: 'lib/sync/run.ts', source: `import { graph } from '@/lib/microsoft/graph'; // process.env` },
      { path: 'app/(portal)/people/actions.ts', source: `'use server';\nimport { x } from '@/lib/access/people';` },
      { path: 'worker/main.ts', source: `import { openDatabase } from '@/lib/db/client';` },
      { path: 'lib/sync/run.test.ts', source: `import { startEmulator } from '@/emulator/start';` },
    ];
    expect(violationsOf(allowed)).toEqual([]);
  });
});
