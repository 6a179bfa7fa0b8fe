import path from 'node:path';

/** One file of the project; `path` is relative to its root, with forward slashes. */
export interface SourceFile {
  path: string;
  source: string;
}

export interface Import {
  /** As written. */
  specifier: string;
  /** Path inside the project without a check that it exists; null for a package. */
  target: string | null;
  /** `import type` or `export type … from`: gone at run time. */
  isTypeOnly: boolean;
  /** What stands between the keyword and `from`; empty for a dynamic or bare import. */
  clause: string;
}

const STATIC = /(?:^|[;\s}])(?:import|export)\s+(type\s+)?(?:([^'"`;]*?)\s+from\s+)?['"]([^'"]+)['"]/g;
const DYNAMIC = /\b(?:import|require)\(\s*(?:\/\*.*?\*\/\s*)?['"`]([^'"`$]+)['"`]/g;

/** The source without its comments, so that a word in one is not taken for code. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (!specifier.startsWith('.')) return null;
  return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier));
}

/** Everything a file imports or re-exports, in order of its kind. */
export function importsOf(file: SourceFile): Import[] {
  const code = withoutComments(file.source);
  const found = [...code.matchAll(STATIC)].map(([, type, clause = '', specifier = '']) => ({
    specifier,
    target: targetOf(file.path, specifier),
    isTypeOnly: type !== undefined,
    clause,
  }));
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, specifier = '']) => ({
    specifier,
    target: targetOf(file.path, specifier),
    isTypeOnly: false,
    clause: '',
  }));
  return [...found, ...dynamic];
}

/** Tests and their helpers see more than the code that they judge. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || file.startsWith('test/');
}
