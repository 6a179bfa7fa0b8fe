import fs from 'node:fs';
import path from 'node:path';
import { runningStack } from './running-stack.ts';
import type { World } from './world.ts';

const project = path.resolve(import.meta.dirname, '../..');
const FILES_LEAST = 50;

function filesUnder(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Bundles and logs that hold one of the secrets that the product was given. */
export function filesThatHoldASecret(): string[] {
  const { logFolder, secrets } = runningStack();
  const built = ['.next/server', '.next/static', 'dist'].map((name) => path.join(project, name));
  const files = [...built, logFolder].flatMap(filesUnder);
  if (files.length < FILES_LEAST) throw new Error('There is hardly anything to search: is the product built?');
  return files.filter((file) => {
    const content = fs.readFileSync(file);
    return secrets.some((secret) => content.includes(secret));
  });
}

/** Tables, the job queue's included, with a row that holds one of the secrets in any column. */
export async function tablesThatHoldASecret(world: World): Promise<string[]> {
  const tables = await world.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'pgboss') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await world.query<{ held: boolean }>(
      `SELECT EXISTS (SELECT FROM ${name} AS whole, unnest($1::text[]) AS secret
         WHERE position(secret in whole::text) > 0) AS held`,
      [world.stack.secrets],
    );
    if (row?.held) found.push(name);
  }
  return found;
}
