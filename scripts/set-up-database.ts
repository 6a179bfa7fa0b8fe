/**
 * `npm run database:setup`: makes the database, its roles and its three logins on the server of ADMIN_DATABASE_URL (a
 * superuser, or a role with CREATEROLE and CREATEDB). `-- --name watchfold --out logins.env` are the defaults; the file
 * holds the addresses with their passwords and is written for its owner alone.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setUpDatabase } from './database.ts';

const { values } = parseArgs({
  options: { name: { type: 'string', default: 'watchfold' }, out: { type: 'string', default: 'logins.env' } },
});
const adminUrl = process.env['ADMIN_DATABASE_URL'];

try {
  if (!adminUrl) throw new Error('ADMIN_DATABASE_URL is needed: a login that may create roles and databases');
  const file = path.resolve(values.out);
  if (fs.existsSync(file)) throw new Error(`${file} exists already; it may hold the only copy of the passwords`);
  const urls = await setUpDatabase(adminUrl, values.name);
  const lines = [
    '# DATABASE_URL of each process; the owner only migrates (npm run database:migrate).',
    ...Object.entries(urls).map(([login, url]) => `${login.toUpperCase()}_DATABASE_URL=${url}`),
  ];
  fs.writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  console.log(`Database "${values.name}" is there; the three logins are in ${file}.`);
  console.log("Next: DATABASE_URL=<the owner's> npm run database:migrate");
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
