/** Makes the sealing key: `npm run keys:create -- --out <folder>`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSealingKey, PRIVATE_KEY_FILE, PUBLIC_KEY_FILE } from '../lib/credentials/keys.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });

if (!values.out) {
  console.error('Say where the key goes: --out <folder>');
  process.exit(1);
}
try {
  const folder = path.resolve(values.out);
  const kid = await createSealingKey(folder);
  console.log(`Sealing key ${kid}`);
  console.log(`  worker (WATCHFOLD_SEALING_PRIVATE_KEY): ${path.join(folder, PRIVATE_KEY_FILE)}`);
  console.log(`  portal (WATCHFOLD_SEALING_PUBLIC_KEY):  ${path.join(folder, PUBLIC_KEY_FILE)}`);
  console.log('Keep a copy of the private half apart from the database and its backups.');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
