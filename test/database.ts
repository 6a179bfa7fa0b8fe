import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { closeDatabase, openDatabase } from '@/lib/db/client';
import { Secret } from '@/lib/secret';
import type { DatabaseUrls } from '@/scripts/database';

export interface TestDatabase {
  /** A superuser's connection, bound by no policy: for seeding and for looking at what was written. */
  admin: pg.Client;
  name: string;
  /** The three logins of this database, as a process would be given them. */
  urls: DatabaseUrls;
  /** Runs `run` on a connection of that login's own, outside the data layer. */
  connectedAs<T>(login: keyof DatabaseUrls, run: (client: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function addressOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.toString();
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** PostgreSQL copies a template's tables and policies, but not the rights on the database itself. */
async function cloneTemplate(adminUrl: string, template: string, name: string, owner: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${owner} STRATEGY FILE_COPY`);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO watchfold_web, watchfold_worker`);
  });
}

/**
 * A database of this test file's own, migrated and empty; the data layer of this process is opened on it as web and as
 * worker. Call once per file (`beforeAll`) and close it after (`afterAll`).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template, urls: templateUrls } = inject('postgres');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await cloneTemplate(adminUrl, template, name, new URL(templateUrls.owner).username);
  const urls = {
    owner: addressOf(templateUrls.owner, name),
    web: addressOf(templateUrls.web, name),
    worker: addressOf(templateUrls.worker, name),
  };
  const admin = new pg.Client({ connectionString: addressOf(adminUrl, name) });
  await admin.connect();
  openDatabase('web', new Secret(urls.web));
  openDatabase('worker', new Secret(urls.worker));
  return {
    admin,
    name,
    urls,
    connectedAs: (login, run) => withClient(urls[login], run),
    async close() {
      await closeDatabase('web');
      await closeDatabase('worker');
      await admin.end();
      await withClient(adminUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}
