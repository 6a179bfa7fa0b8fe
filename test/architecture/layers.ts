/** Who may import whom; the table that the README draws. */
import { type Import, importsOf, isTest, type SourceFile } from './source';

/** Each domain may import those before it. */
export const DOMAINS = [
  'audit',
  'access',
  'credentials',
  'customers',
  'consent',
  'freshness',
  'incidents',
  'connections',
  'sync',
  'operations',
];

/** The domains that only the worker runs and that may therefore speak to Microsoft. */
const SPEAK_TO_MICROSOFT = ['connections', 'sync'];

export const FOLDERS = [
  'app',
  'components',
  'docs',
  'e2e',
  'emulator',
  'i18n',
  'lib',
  'messages',
  'prisma',
  'public',
  'scripts',
  'test',
  'worker',
];

/** Where a path belongs: `lib` for a loose file, `lib/<folder>`, a top-level folder, or `root`. */
export function areaOf(file: string): string {
  const [top = '', second = '', ...rest] = file.split('/');
  if (second === '') return FOLDERS.includes(top) ? top : 'root';
  if (top !== 'lib') return top;
  return rest.length === 0 && !isFolderOfLib(second) ? 'lib' : `lib/${second}`;
}

const isFolderOfLib = (name: string) => name === 'db' || name === 'microsoft' || DOMAINS.includes(name);

const DOMAIN_AREAS = DOMAINS.map((domain) => `lib/${domain}`);

/** Areas that code of `area` may import besides its own; null when the area is unknown. */
function allowedFrom(area: string): string[] | null {
  if (area.startsWith('lib/') && DOMAIN_AREAS.includes(area)) {
    const domain = area.slice('lib/'.length);
    const earlier = DOMAIN_AREAS.slice(0, DOMAIN_AREAS.indexOf(area));
    return ['lib', 'lib/db', ...earlier, ...(SPEAK_TO_MICROSOFT.includes(domain) ? ['lib/microsoft'] : [])];
  }
  const table: Record<string, string[]> = {
    lib: [],
    'lib/db': ['lib'],
    'lib/microsoft': ['lib'],
    app: ['lib', 'components', 'i18n', 'messages', ...DOMAIN_AREAS],
    components: ['lib', 'i18n', 'messages'],
    i18n: ['lib', 'messages', ...DOMAIN_AREAS],
    messages: ['lib'],
    worker: ['lib', ...DOMAIN_AREAS],
    emulator: [],
    scripts: ['lib', 'lib/db', ...DOMAIN_AREAS],
    e2e: [],
    test: ['lib', 'lib/db', 'scripts', 'emulator', 'messages', ...DOMAIN_AREAS],
    root: ['lib', 'i18n', 'test', 'scripts', ...DOMAIN_AREAS],
  };
  return table[area] ?? null;
}

/** Entry points give the data layer this process's login; nothing else outside lib sees it. */
const OPENS_THE_DATABASE = new Set(['worker/main.ts']);

function isAllowed(file: SourceFile, area: string, allowed: string[], target: string, imported: Import): boolean {
  const to = areaOf(target);
  if (area === 'e2e') {
    if (file.path.endsWith('.spec.ts')) return target.startsWith('e2e/support/');
    return to === 'e2e' || to === 'scripts' || to === 'lib';
  }
  if (to === area || allowed.includes(to)) return true;
  if (area === 'emulator') return false;
  if (isTest(file.path)) return to === 'test' || to === 'emulator' || to === 'scripts' || to.startsWith('lib');
  if (to === 'lib/db' && OPENS_THE_DATABASE.has(file.path)) return true;
  return area === 'components' && imported.isTypeOnly && DOMAIN_AREAS.includes(to);
}

/** Imports that cross a boundary, and folders that nobody declared. */
export function layerViolations(files: SourceFile[]): string[] {
  return files.flatMap((file) => {
    const area = areaOf(file.path);
    const allowed = allowedFrom(area);
    if (area === 'root' && file.path.includes('/')) return [`${file.path}: unknown folder`];
    if (allowed === null) return [`${file.path}: unknown folder`];
    return importsOf(file).flatMap((imported) => {
      const { target } = imported;
      if (target === null || isAllowed(file, area, allowed, target, imported)) return [];
      return [`${file.path}: ${area} may not import ${target}`];
    });
  });
}

function fileAt(target: string, byPath: Map<string, SourceFile>): SourceFile | undefined {
  const bare = target.replace(/\.(js|ts|tsx)$/, '');
  return [target, `${bare}.ts`, `${bare}.tsx`, `${target}/index.ts`]
    .map((candidate) => byPath.get(candidate))
    .find((found) => found !== undefined);
}

/** What the portal must never load, by whatever chain: the code that speaks to Microsoft or opens a secret. */
const WORKER_ONLY = /^lib\/microsoft\/|^lib\/credentials\/open\.ts$|^worker\//;
const PORTAL_ENTRY = /^(app|components|i18n)\/|^(proxy|instrumentation)\.ts$/;

/** Chains of imports by which the portal would load code that only the worker may run. */
export function reachViolations(files: SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Map<string, string>();
  const queue = files.filter((file) => PORTAL_ENTRY.test(file.path) && !isTest(file.path));
  for (const entry of queue) reached.set(entry.path, entry.path);
  for (const file of queue) {
    for (const { target, isTypeOnly } of importsOf(file)) {
      const next = target !== null && !isTypeOnly ? fileAt(target, byPath) : undefined;
      if (!next || reached.has(next.path)) continue;
      reached.set(next.path, `${reached.get(file.path)} → ${next.path}`);
      queue.push(next);
    }
  }
  return [...reached].filter(([name]) => WORKER_ONLY.test(name)).map(([, chain]) => `the portal loads ${chain}`);
}
