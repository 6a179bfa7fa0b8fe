/** Makes the database, its roles and its logins with a superuser's (or CREATEROLE) address, and applies the migrations. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** One address per process: `owner` migrates, `web` and `worker` run. */
export interface DatabaseUrls {
  owner: string;
  web: string;
  worker: string;
}

/** Login names carry the database's name, so that several installations can share a server. */
const loginsOf = (database: string) => ({
  owner: `${database}_owner`,
  web: `${database}_web_login`,
  worker: `${database}_worker_login`,
});

const GROUPS = { web: 'watchfold_web', worker: 'watchfold_worker', definer: 'watchfold_definer' };

async function connected<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function exists(client: pg.Client, sql: string, name: string): Promise<boolean> {
  return ((await client.query(sql, [name])).rowCount ?? 0) > 0;
}

/**
 * Creates what is missing: groups, three logins, the database. Existing logins get the given (or fresh) passwords.
 */
export async function setUpDatabase(
  adminUrl: string,
  database: string,
  passwords: { owner?: string; web?: string; worker?: string } = {},
): Promise<DatabaseUrls> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(database)) {
    throw new Error(`"${database}" can't be a database name: use lower-case letters, digits and _`);
  }
  const logins = loginsOf(database);
  const chosen = {
    owner: passwords.owner ?? randomBytes(24).toString('base64url'),
    web: passwords.web ?? randomBytes(24).toString('base64url'),
    worker: passwords.worker ?? randomBytes(24).toString('base64url'),
  };
  await connected(adminUrl, async (client) => {
    for (const group of Object.values(GROUPS)) {
      if (!(await exists(client, 'SELECT 1 FROM pg_roles WHERE rolname = $1', group))) {
        await client.query(`CREATE ROLE ${client.escapeIdentifier(group)} NOLOGIN`);
      }
    }
    for (const [key, login] of Object.entries(logins) as [keyof DatabaseUrls, string][]) {
      const name = client.escapeIdentifier(login);
      if (!(await exists(client, 'SELECT 1 FROM pg_roles WHERE rolname = $1', login))) {
        await client.query(`CREATE ROLE ${name} LOGIN`);
      }
      await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(chosen[key])}`);
    }
    await client.query(`GRANT ${GROUPS.web} TO ${client.escapeIdentifier(logins.web)}`);
    await client.query(`GRANT ${GROUPS.worker} TO ${client.escapeIdentifier(logins.worker)}`);
    const owner = client.escapeIdentifier(logins.owner);
    // Needed to hand functions to the definer group; without inheritance, so that the owner stays bound by the policies.
    await client.query(`GRANT ${GROUPS.definer} TO ${owner} WITH INHERIT FALSE, SET TRUE`);
    if (!(await exists(client, 'SELECT 1 FROM pg_database WHERE datname = $1', database))) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER ${owner}`);
    }
    await client.query(`REVOKE ALL ON DATABASE ${client.escapeIdentifier(database)} FROM PUBLIC`);
    await client.query(
      `GRANT CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO ${GROUPS.web}, ${GROUPS.worker}`,
    );
  });
  const urlFor = (key: keyof DatabaseUrls) => {
    const url = new URL(adminUrl);
    url.username = logins[key];
    url.password = chosen[key];
    url.pathname = `/${database}`;
    return url.toString();
  };
  return { owner: urlFor('owner'), web: urlFor('web'), worker: urlFor('worker') };
}

/** Runs `prisma migrate deploy` as the owner; throws with Prisma's output when it fails. */
export async function migrate(ownerUrl: string): Promise<void> {
  const prisma = path.join(project, 'node_modules/prisma/build/index.js');
  const child = spawn(process.execPath, [prisma, 'migrate', 'deploy'], {
    cwd: project,
    env: { ...process.env, DATABASE_URL: ownerUrl, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`prisma migrate deploy ended with ${code}:\n${output}`);
  // Prisma's own table appears outside any migration; the start-up check reads it as web and as worker.
  await connected(ownerUrl, (client) =>
    client.query(
      `GRANT SELECT (migration_name, finished_at, rolled_back_at) ON "_prisma_migrations"
       TO ${GROUPS.web}, ${GROUPS.worker}`,
    ),
  );
}

/**
 * `setUpDatabase` with passwords kept in `file` (mode 0600), so that a second start uses the same ones.
 */
export async function setUpDatabaseOnce(adminUrl: string, database: string, file: string): Promise<DatabaseUrls> {
  const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const urls = await setUpDatabase(adminUrl, database, kept);
  const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
  const passwords = { owner: passwordOf(urls.owner), web: passwordOf(urls.web), worker: passwordOf(urls.worker) };
  fs.writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  return urls;
}
