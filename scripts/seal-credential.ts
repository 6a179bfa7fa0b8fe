/**
 * Seals an application's secret or certificate: `npm run credential:seal -- --tier read --client-id <guid>
 * --display-name <name> --kind secret --expires 2027-11-01`. The value comes from stdin or a prompt, never from the
 * command line, which other users of the machine can read. Needs DATABASE_URL (the portal's) and
 * WATCHFOLD_SEALING_PUBLIC_KEY.
 */
import readline from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { sealCredential, TIERS } from '../lib/credentials/commands.ts';
import { readPublicSealingKey } from '../lib/credentials/seal.ts';
import { closeDatabase, openDatabase } from '../lib/db/client.ts';
import { isGuid } from '../lib/guid.ts';
import { Secret } from '../lib/secret.ts';

async function valueFromPerson(kind: string): Promise<Secret> {
  if (!process.stdin.isTTY) {
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    return new Secret(text.trim());
  }
  // What is typed is not echoed.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = readline.createInterface({ input: process.stdin, output: silent, terminal: true });
  console.error(kind === 'secret' ? 'Secret value (not shown):' : 'PEM with certificate and private key, then Ctrl-D:');
  if (kind === 'secret') {
    const text = await prompt.question('');
    prompt.close();
    return new Secret(text.trim());
  }
  const lines: string[] = [];
  for await (const line of prompt) lines.push(line);
  return new Secret(lines.join('\n').trim());
}

const { values } = parseArgs({
  options: {
    tier: { type: 'string', default: 'read' },
    'client-id': { type: 'string', default: '' },
    'display-name': { type: 'string', default: '' },
    kind: { type: 'string', default: 'secret' },
    expires: { type: 'string' },
  },
});
const tier = TIERS.find((known) => known === values.tier);
const kind = values.kind === 'certificate' ? ('certificate' as const) : ('secret' as const);
const expiresAt = values.expires ? new Date(values.expires) : null;
const databaseUrl = process.env['DATABASE_URL'];
const keyFile = process.env['WATCHFOLD_SEALING_PUBLIC_KEY'];
const problems = [
  tier ? '' : `--tier must be one of ${TIERS.join(', ')}`,
  isGuid(values['client-id']) ? '' : '--client-id must be the GUID of the application',
  values['display-name'] ? '' : "--display-name must be the application's name, as customers will read it",
  ['secret', 'certificate'].includes(values.kind) ? '' : '--kind must be secret or certificate',
  expiresAt && Number.isNaN(expiresAt.getTime()) ? '--expires must be a date, like 2027-11-01' : '',
  databaseUrl ? '' : "DATABASE_URL is needed: the portal's database login",
  keyFile ? '' : 'WATCHFOLD_SEALING_PUBLIC_KEY is needed: the public half of the sealing key',
].filter(Boolean);

async function run(): Promise<void> {
  if (problems.length || !tier || !databaseUrl || !keyFile) {
    throw new Error(`Nothing was sealed:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
  const key = readPublicSealingKey(keyFile);
  const value = await valueFromPerson(kind);
  if (!value.reveal()) throw new Error('Nothing was sealed: the value is empty');
  openDatabase('web', new Secret(databaseUrl), 1);
  try {
    const credential = {
      tier,
      kind,
      value,
      expiresAt,
      clientId: values['client-id'],
      displayName: values['display-name'],
    };
    const { version } = await sealCredential({ kind: 'operator' }, credential, key);
    console.log(`Sealed version ${version} of the "${tier}" registration's credential to key ${key.kid}.`);
  } finally {
    await closeDatabase('web');
  }
}

try {
  await run();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
