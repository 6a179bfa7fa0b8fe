/** Who may use which package or power. */
import { importsOf, isTest, type SourceFile, withoutComments } from './source';

interface PackageRule {
  packages: RegExp;
  owners: RegExp;
}

const PACKAGES: PackageRule[] = [
  { packages: /^(@prisma\/|prisma(\/|$))/, owners: /^(lib\/db\/|prisma|scripts\/prisma-schema-engine\.mjs$)/ },
  // The emulator's tests speak to it with Microsoft's own client.
  { packages: /^@azure\/msal/, owners: /^(lib\/microsoft\/|emulator\/.*\.test\.ts$)/ },
  { packages: /^next-auth(\/|$)/, owners: /^(lib\/access|app)\// },
  {
    packages: /^next(\/|$)/,
    owners: /^((app|components|lib\/access|i18n)\/|(proxy|instrumentation)\.ts$|next\.config\.)/,
  },
  { packages: /^pg$/, owners: /^(lib\/db|scripts|test|e2e\/support)\// },
  { packages: /^pg-boss$/, owners: /^worker\// },
];

const OPENS_SECRETS = /^lib\/credentials\/(open\.ts|.*\.test\.ts)$|^emulator\//;

function packageViolations(file: SourceFile): string[] {
  return importsOf(file).flatMap(({ specifier, clause, target, isTypeOnly }) => {
    const broken = PACKAGES.filter((rule) => rule.packages.test(specifier) && !rule.owners.test(file.path));
    const found = broken.map(() => `${file.path}: ${specifier} belongs to others`);
    if (target?.startsWith('lib/db/generated') && !file.path.startsWith('lib/db/')) {
      found.push(`${file.path}: the generated Prisma client belongs to lib/db`);
    }
    const opens = /decrypt/i.test(clause) || (/^\s*\*/.test(clause) && !isTypeOnly);
    if (specifier === 'jose' && opens && !OPENS_SECRETS.test(file.path)) {
      found.push(`${file.path}: only lib/credentials/open.ts may open a secret with jose`);
    }
    return found;
  });
}

interface WordRule {
  word: RegExp;
  /** Where the word is at home. */
  allowed?: RegExp;
  /** Where it is looked for; everywhere by default. */
  within?: RegExp;
  says: string;
}

const ENTRY_POINTS = /^(scripts|e2e)\/|(^|\/)main\.ts$|^instrumentation\.ts$|^[a-z-]+\.config\.(ts|js)$|^lib\/env\.ts$/;

const WORDS: WordRule[] = [
  { word: /\bprocess\s*\.\s*env\b/, allowed: ENTRY_POINTS, says: 'process.env is read in lib/env.ts and entry points' },
  {
    word: /^\s*['"]use server['"]/m,
    allowed: /^app\/.*\bactions\.ts$/,
    says: `'use server' belongs in actions.ts of app`,
  },
  { word: /set_config\s*\([^;]*?,\s*false\s*\)/, says: 'a setting that outlives its transaction leaks to the next' },
  { word: /\bSET\s+(SESSION\s+)?app\./i, says: 'a setting that outlives its transaction leaks to the next' },
  { word: /dangerouslySetInnerHTML/, says: "incidents hold attackers' text: text nodes only" },
  {
    word: /\$(queryRaw|executeRaw)Unsafe/,
    allowed: /^lib\/db\/client\.ts$/,
    says: 'unsafe raw queries run stacked statements',
  },
  { word: /\bcreate(C|Dec)ipheriv\b/, says: 'sealing is a standard format (JWE), never a hand-made container' },
  {
    word: /\bfetch\(/,
    within: /^(lib|worker)\//,
    allowed: /^lib\/microsoft\//,
    says: 'only lib/microsoft speaks to the outside',
  },
];

const LINES_MAX = 400;

function wordViolations(file: SourceFile): string[] {
  const code = withoutComments(file.source);
  const found = WORDS.filter(
    ({ word, allowed, within }) => word.test(code) && !allowed?.test(file.path) && (within?.test(file.path) ?? true),
  ).map(({ says }) => `${file.path}: ${says}`);
  const lines = file.source.split('\n').length;
  if (lines > LINES_MAX + 1) found.push(`${file.path}: ${lines} lines; split it before ${LINES_MAX}`);
  if (/(^|\/)(utils?|helpers?|types)(\/|\.tsx?$)/.test(file.path)) found.push(`${file.path}: a drawer, not a place`);
  return found;
}

/** Packages, words and sizes that a file may not have where it stands. */
export function ruleViolations(files: SourceFile[]): string[] {
  return files.flatMap((file) => [...packageViolations(file), ...(isTest(file.path) ? [] : wordViolations(file))]);
}
