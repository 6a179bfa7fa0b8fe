import { spawnSync } from 'node:child_process';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '..');

/**
 * What Prisma would have to change so that the migrations lead to prisma/schema.prisma; null when nothing. Needs a
 * superuser's address: the migrations run in a shadow database that comes and goes. Policies, functions and checks are
 * not compared (Prisma does not know them).
 */
export function schemaDrift(adminUrl: string): string | null {
  const prisma = path.join(project, 'node_modules/prisma/build/index.js');
  const compare = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma'];
  const run = spawnSync(process.execPath, [prisma, ...compare, '--exit-code'], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: adminUrl, NO_COLOR: '1' },
  });
  return run.status === 0 ? null : `${run.stdout}${run.stderr}`;
}
