/**
 * Refuses to run on a database that would not keep tenants apart. Row-level security fails silently (a table without a
 * policy, a login that bypasses it), so both processes look at the catalog before they serve anything.
 */
import 'server-only';
import fs from 'node:fs';
import path from 'node:path';
import { asNobody, asWorker, type DatabaseRole, type Db } from './client';

/** All that is wrong with the database or with this process's login, one line each. */
export class DatabaseCheckError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The database is not fit to run on:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'DatabaseCheckError';
    this.problems = problems;
  }
}

/** Tables that belong to no tenant; any other table must be under forced row-level security. */
const SHARED_TABLES = [
  'app_user',
  'user_role',
  'session',
  'setup_code',
  'partner',
  'registration',
  'credential',
  'sealed_value',
  '_prisma_migrations',
];
const DEFINER = 'watchfold_definer';
const GROUP: Record<DatabaseRole, string> = { web: 'watchfold_web', worker: 'watchfold_worker' };

interface TableRow {
  name: string;
  enabled: boolean;
  forced: boolean;
  policies: number;
  ownedByLogin: boolean;
}

async function tableProblems(db: Db): Promise<string[]> {
  const tables = await db.$queryRaw<TableRow[]>`
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      (SELECT count(*)::int FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname) AS policies,
      pg_has_role(current_user, c.relowner, 'MEMBER') AS "ownedByLogin"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname`;
  if (tables.length === 0) return ['it has no tables: run npm run database:migrate'];
  return tables.flatMap((table) => {
    const problems: string[] = [];
    if (table.ownedByLogin) problems.push(`this login owns the table ${table.name}, so no policy would bind it`);
    if (SHARED_TABLES.includes(table.name)) return problems;
    if (!table.enabled) problems.push(`row-level security is off on ${table.name}`);
    else if (!table.forced) problems.push(`row-level security is not forced on ${table.name}`);
    if (table.policies === 0) problems.push(`${table.name} has no policy`);
    return problems;
  });
}

interface LoginRow {
  name: string;
  isSuperuser: boolean;
  bypassesPolicies: boolean;
  createsRoles: boolean;
  inOwnGroup: boolean;
  inOtherGroup: boolean;
  inDefiner: boolean;
  definerBypasses: boolean;
}

async function loginProblems(db: Db, role: DatabaseRole): Promise<string[]> {
  const other = role === 'web' ? GROUP.worker : GROUP.web;
  const groups = await db.$queryRaw<{ name: string }[]>`
    SELECT rolname AS name FROM pg_roles WHERE rolname IN (${GROUP.web}, ${GROUP.worker}, ${DEFINER})`;
  if (groups.length < 3) return ['its groups are missing: run npm run database:setup and database:migrate'];
  const [login] = await db.$queryRaw<LoginRow[]>`
    SELECT r.rolname AS name, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesPolicies",
      r.rolcreaterole AS "createsRoles",
      pg_has_role(current_user, ${GROUP[role]}, 'USAGE') AS "inOwnGroup",
      pg_has_role(current_user, ${other}, 'MEMBER') AS "inOtherGroup",
      pg_has_role(current_user, ${DEFINER}, 'MEMBER') AS "inDefiner",
      (SELECT bool_or(g.rolsuper OR g.rolbypassrls OR g.rolcanlogin) FROM pg_roles g
       WHERE g.rolname IN (${GROUP.web}, ${GROUP.worker}, ${DEFINER})) AS "definerBypasses"
    FROM pg_roles r WHERE r.rolname = current_user`;
  if (!login) return ['this login is not in pg_roles'];
  // A superuser is a member of everything; naming the consequences too would hide the cause.
  if (login.isSuperuser) return [`this login (${login.name}) is a superuser: give the process a login of its own`];
  return [
    login.bypassesPolicies && `this login (${login.name}) bypasses row-level security`,
    login.createsRoles && `this login (${login.name}) may create roles`,
    !login.inOwnGroup && `this login (${login.name}) is not in the group ${GROUP[role]}`,
    login.inOtherGroup && `this login (${login.name}) is in the group ${other}, which is the other process's`,
    login.inDefiner && `this login (${login.name}) is in ${DEFINER}, which looks across tenants`,
    login.definerBypasses && 'a watchfold group may log in, is a superuser or bypasses row-level security',
  ].filter((problem) => problem !== false);
}

interface RightsRow {
  readsSealed: boolean;
  changesSealed: boolean;
  changesAudit: boolean;
  usesQueue: boolean;
  createsObjects: boolean;
}

async function rightsProblems(db: Db, role: DatabaseRole): Promise<string[]> {
  const [rights] = await db.$queryRaw<RightsRow[]>`
    SELECT has_any_column_privilege('public.sealed_value', 'SELECT') AS "readsSealed",
      has_any_column_privilege('public.sealed_value', 'UPDATE')
        OR has_table_privilege('public.sealed_value', 'DELETE, TRUNCATE') AS "changesSealed",
      has_any_column_privilege('public.audit_event', 'UPDATE')
        OR has_table_privilege('public.audit_event', 'DELETE, TRUNCATE') AS "changesAudit",
      has_schema_privilege('pgboss', 'USAGE') AS "usesQueue",
      has_schema_privilege('public', 'CREATE') AS "createsObjects"`;
  if (!rights) return ['its rights could not be read'];
  return [
    rights.changesAudit && 'this login may change or delete audit rows',
    rights.createsObjects && 'this login may create tables and functions',
    role === 'web' && rights.readsSealed && 'the portal may read sealed values',
    role === 'web' && rights.changesSealed && 'the portal may change or delete sealed values',
    role === 'web' && rights.usesQueue && "the portal may use the worker's queue",
  ].filter((problem) => problem !== false);
}

const SAFE_MINOR: Record<number, number> = { 16: 10, 17: 6 };

/** Older ones let a query's statistics tell of rows that its policies hide (CVE-2025-8713); below 16 was never tried. */
export function isSafeServer(versionNumber: number): boolean {
  const major = Math.floor(versionNumber / 10_000);
  return major > 17 || versionNumber % 10_000 >= (SAFE_MINOR[major] ?? Number.POSITIVE_INFINITY);
}

async function serverProblems(db: Db): Promise<string[]> {
  const [server] = await db.$queryRaw<{ number: number; name: string }[]>`
    SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name`;
  if (server && isSafeServer(server.number)) return [];
  return [`PostgreSQL ${server?.name ?? 'of unknown version'} is too old: 16.10, 17.6 or newer is needed`];
}

/** A schema that is ahead of the code is fine (an upgrade under way); one that is behind is not. */
async function migrationProblems(db: Db, folder: string): Promise<string[]> {
  const [readable] = await db.$queryRaw<{ yes: boolean | null }[]>`
    SELECT has_column_privilege(to_regclass('public._prisma_migrations'), 'migration_name', 'SELECT') AS yes`;
  if (!readable?.yes) return ['its migrations are not recorded for this login: run npm run database:migrate'];
  const applied = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM public._prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const names = new Set(applied.map(({ name }) => name));
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !names.has(entry.name))
    .map((entry) => `the migration ${entry.name} is missing: run npm run database:migrate`);
}

/**
 * Looks at the catalog as this process's own login; throws `DatabaseCheckError` with everything that is wrong, or
 * `AppError` "unavailable" when the database can't be reached, which is worth waiting for.
 */
export async function checkDatabase(
  role: DatabaseRole,
  migrationsFolder = path.join(/* turbopackIgnore: true */ process.cwd(), 'prisma/migrations'),
): Promise<void> {
  const inTransaction = role === 'web' ? asNobody : asWorker;
  const problems = await inTransaction(async (db) => {
    const found = [...(await serverProblems(db)), ...(await tableProblems(db)), ...(await loginProblems(db, role))];
    // Without its tables and groups the remaining questions have no meaning.
    if (found.some((problem) => problem.includes('run npm run'))) return found;
    return [...found, ...(await rightsProblems(db, role)), ...(await migrationProblems(db, migrationsFolder))];
  });
  if (problems.length) throw new DatabaseCheckError(problems);
}
