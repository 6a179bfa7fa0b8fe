/** What keeps tenants apart, tried from outside the product: by SQL, on the processes' own logins. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asActor, asNobody, asTenantWorker, asVisitor, asWorker, type Db } from '@/lib/db/client';
import { hashOfToken, newToken } from '@/lib/token';
import { addAlert, addCustomer, addIncident, type TestCustomer } from './customers';
import { createTestDatabase, type TestDatabase } from './database';
import { addUser, assign, type TestUser } from './people';

const REFUSED = /permission denied|must be owner/;
const CONTENT_TABLES = ['incident', 'incident_raw', 'alert', 'evidence'] as const;

let database: TestDatabase;
let mine: TestCustomer;
let foreign: TestCustomer;
let analyst: TestUser;
const invitationToken = newToken();

beforeAll(async () => {
  database = await createTestDatabase();
  mine = await addCustomer(database, { displayName: 'Fabrikam ApS' });
  foreign = await addCustomer(database, { displayName: 'Sørensen & Ærø Rederi' });
  analyst = await addUser(database, { roles: ['analyst'] });
  await assign(database, analyst, mine);
  for (const customer of [mine, foreign]) {
    const incidentId = await addIncident(database, customer);
    await addAlert(database, customer, incidentId, { evidence: [{ kind: 'user', label: 'anna@fabrikam.example' }] });
    await database.admin.query(
      `INSERT INTO quarantine (tenant_id, id, stream, reason, raw, raw_hash) VALUES ($1, $2, 'incidents', 'nul', '{}', md5(random()::text))`,
      [customer.tenantId, randomUUID()],
    );
    await database.admin.query(
      `INSERT INTO audit_event (id, actor_kind, tenant_id, action, result) VALUES ($1, 'worker', $2, 'proof', 'ok')`,
      [randomUUID(), customer.tenantId],
    );
  }
  await database.admin.query(
    `INSERT INTO invitation (tenant_id, id, registration_id, token_hash, locale, created_by_name, expires_at)
     VALUES ($1, $2, $3, $4, 'da', 'Mette Krogh', clock_timestamp() + interval '72 hours')`,
    [mine.tenantId, randomUUID(), mine.registrationId, hashOfToken(invitationToken)],
  );
});
afterAll(() => database.close());

async function tenantTables(): Promise<string[]> {
  const { rows } = await database.admin.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
       AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')`,
  );
  return rows.map(({ name }) => name);
}

/** The tenants whose rows a query without any predicate of its own sees. */
async function tenantsSeen(db: Db, table: (typeof CONTENT_TABLES)[number]): Promise<string[]> {
  const rows = {
    incident: () => db.incident.findMany({ select: { tenantId: true } }),
    incident_raw: () => db.incidentRaw.findMany({ select: { tenantId: true } }),
    alert: () => db.alert.findMany({ select: { tenantId: true } }),
    evidence: () => db.evidence.findMany({ select: { tenantId: true } }),
  };
  return [...new Set((await rows[table]()).map(({ tenantId }) => tenantId))];
}

describe('the catalog', () => {
  it('has every table of a tenant under forced row-level security with a policy', async () => {
    const { rows } = await database.admin.query(
      `SELECT c.relname AS name, c.relforcerowsecurity AND c.relrowsecurity AS forced,
         EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy
       FROM pg_class c WHERE c.relname = ANY ($1) AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
      [await tenantTables()],
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.forced || !row.has_policy)).toEqual([]);
  });

  it('keys every table of a tenant by the tenant first, requests and audit rows apart', async () => {
    const { rows } = await database.admin.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE c.relname = ANY ($1) AND a.attname <> 'tenant_id' ORDER BY c.relname`,
      [await tenantTables()],
    );
    expect(rows.map(({ name }) => name)).toEqual(['audit_event', 'request']);
  });

  it('lets no function that looks across tenants search a path that a caller chooses', async () => {
    const { rows } = await database.admin.query(
      `SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = 'public' AND p.prosecdef
         AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)`,
    );
    expect(rows).toEqual([]);
  });
});

describe("a direct SQL session with the portal's login", () => {
  const attempt = (sql: string) => database.connectedAs('web', (client) => client.query(sql));

  it.each([
    'SELECT * FROM sealed_value',
    'SELECT count(*) FROM sealed_value',
    'SELECT jwe FROM sealed_value',
    `UPDATE sealed_value SET jwe = ''`,
    'DELETE FROM sealed_value',
  ])('is refused a sealed value: %s', async (sql) => {
    await expect(attempt(sql)).rejects.toThrow(REFUSED);
  });

  it('may add a sealed value, and may not have it returned', async () => {
    const credential = randomUUID();
    await database.admin.query(
      `INSERT INTO credential (id, registration_id, kind, version, hint) VALUES ($1, $2, 'secret', 1, '…9x')`,
      [credential, mine.registrationId],
    );
    const insert = `INSERT INTO sealed_value (credential_id, kid, jwe) VALUES ('${credential}', 'k', 'e.y.J')`;
    await expect(attempt(`${insert} RETURNING jwe`)).rejects.toThrow(REFUSED);
    expect((await attempt(insert)).rowCount).toBe(1);
  });

  it.each([`UPDATE audit_event SET reason = 'x'`, 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'is refused to change history: %s',
    async (sql) => {
      await expect(attempt(sql)).rejects.toThrow(REFUSED);
    },
  );

  it.each(['watchfold_worker', 'watchfold_definer', 'watchfold_test_owner', 'postgres'])(
    'cannot become %s',
    async (role) => {
      await expect(attempt(`SET ROLE ${role}`)).rejects.toThrow(REFUSED);
    },
  );

  it.each(['CREATE TABLE public.mine (id int)', 'ALTER TABLE incident DISABLE ROW LEVEL SECURITY'])(
    'cannot change the schema: %s',
    async (sql) => {
      await expect(attempt(sql)).rejects.toThrow(REFUSED);
    },
  );

  it('sees no row of any tenant without saying who asks', async () => {
    for (const table of await tenantTables()) {
      const { rows } = await attempt(`SELECT count(*)::int AS seen FROM ${table}`);
      expect([table, rows[0]?.seen]).toEqual([table, 0]);
    }
  });

  it('cannot write an audit row in the name of the worker', async () => {
    const insert = `INSERT INTO audit_event (id, actor_kind, action, result) VALUES (gen_random_uuid(), 'worker', 'x', 'ok')`;
    await expect(attempt(insert)).rejects.toThrow(/row-level security/);
  });
});

describe('a query without its tenant predicate', () => {
  it.each(CONTENT_TABLES)('shows an analyst only the assigned customers: %s', async (table) => {
    expect(await asActor(analyst.id, (db) => tenantsSeen(db, table))).toEqual([mine.tenantId]);
  });

  it.each(CONTENT_TABLES)('shows incident content to no other role: %s', async (table) => {
    const manager = await addUser(database, { roles: ['account_manager', 'administrator', 'auditor'] });
    await assign(database, manager, mine);
    expect(await asActor(manager.id, (db) => tenantsSeen(db, table))).toEqual([]);
  });

  it.each(CONTENT_TABLES)('shows a disabled analyst nothing: %s', async (table) => {
    const disabled = await addUser(database, { roles: ['analyst'], seesAllCustomers: true, status: 'disabled' });
    await assign(database, disabled, mine);
    expect(await asActor(disabled.id, (db) => tenantsSeen(db, table))).toEqual([]);
  });

  it.each(CONTENT_TABLES)('shows the worker one tenant at a time: %s', async (table) => {
    expect(await asTenantWorker(mine.tenantId, (db) => tenantsSeen(db, table))).toEqual([mine.tenantId]);
    expect(await asWorker((db) => tenantsSeen(db, table))).toEqual([]);
  });

  it('shows the holder of a link that customer, no other, and no incident', async () => {
    const seen = await asVisitor({ invitationHash: hashOfToken(invitationToken) }, async (db) => ({
      customers: (await db.customer.findMany()).map(({ id }) => id),
      tenants: (await db.tenant.findMany()).map(({ id }) => id),
      connections: (await db.connection.findMany()).map(({ tenantId }) => tenantId),
      incidents: await db.incident.count(),
      audit: await db.auditEvent.count(),
    }));
    expect(seen).toEqual({
      customers: [mine.customerId],
      tenants: [mine.tenantId],
      connections: [mine.tenantId],
      incidents: 0,
      audit: 0,
    });
  });

  it('shows a visitor with a wrong link nothing', async () => {
    expect(await asVisitor({ invitationHash: hashOfToken(newToken()) }, (db) => db.tenant.count())).toBe(0);
  });
});

describe('who asks', () => {
  it('does not outlive its transaction on a pooled connection', async () => {
    for (let round = 0; round < 20; round++) {
      expect(await asActor(analyst.id, (db) => db.incident.count())).toBe(1);
      expect(await asNobody((db) => db.incident.count())).toBe(0);
    }
  });

  it('keeps many transactions at once apart', async () => {
    const counts = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        at % 2 === 0 ? asActor(analyst.id, (db) => db.incident.count()) : asNobody((db) => db.incident.count()),
      ),
    );
    expect(counts).toEqual(counts.map((_, at) => (at % 2 === 0 ? 1 : 0)));
  });
});

describe('the worker', () => {
  it('is refused a row of another tenant than the one it works for', async () => {
    const write = asTenantWorker(mine.tenantId, (db) =>
      db.syncState.create({ data: { tenantId: foreign.tenantId, stream: 'other' } }),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('changes nothing of another tenant', async () => {
    const changed = await asTenantWorker(mine.tenantId, (db) =>
      db.incident.updateMany({ where: { tenantId: foreign.tenantId }, data: { title: 'taken' } }),
    );
    expect(changed.count).toBe(0);
  });

  it('cannot change history either', async () => {
    const attempt = database.connectedAs('worker', (client) => client.query(`UPDATE audit_event SET reason = 'x'`));
    await expect(attempt).rejects.toThrow(REFUSED);
  });
});
