import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type EmulatedMicrosoft, emulateMicrosoft } from '@/test/emulated-microsoft';
import { prove } from './proof';
import type { Reach } from './reach';

const RULES = { proofWindowMs: 600_000, probeIntervalMs: 600_000 };
const CLIENT_ID = '7c0d2f4e-2222-4a51-9d51-000000000002';

let database: TestDatabase;
let microsoft: EmulatedMicrosoft;

beforeAll(async () => {
  database = await createTestDatabase();
  microsoft = await emulateMicrosoft(database);
});

afterAll(async () => {
  await microsoft.close();
  await database.close();
});

interface Connection {
  state: string;
  cause: string | null;
  detail: string | null;
  roles: string[];
  /** Milliseconds from now; null when no look is planned. */
  due: number | null;
}

async function connectionOf({ tenantId }: TestCustomer): Promise<Connection> {
  const { rows } = await database.admin.query<Connection>(
    `SELECT state, cause_code AS cause, cause_detail AS detail, granted_roles AS roles,
       (extract(epoch FROM proof_due_at - clock_timestamp()) * 1000)::float8 AS due
     FROM connection WHERE tenant_id = $1`,
    [tenantId],
  );
  const [row] = rows;
  if (!row) throw new Error('no connection');
  return row;
}

async function syncOf({ tenantId }: TestCustomer): Promise<{ isDue: boolean; cause: string | null } | undefined> {
  const { rows } = await database.admin.query<{ isDue: boolean; cause: string | null }>(
    `SELECT due_at IS NOT NULL AS "isDue", cause_code AS cause FROM sync_state WHERE tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

async function auditOf({ tenantId }: TestCustomer): Promise<string[]> {
  const { rows } = await database.admin.query<{ line: string }>(
    `SELECT concat_ws(' ', actor_kind, action, result, reason) AS line FROM audit_event WHERE tenant_id = $1 ORDER BY seq`,
    [tenantId],
  );
  return rows.map(({ line }) => line);
}

/** One look now, as the worker would take it; `isLate` when Entra has had its time since the approval. */
async function look(customer: TestCustomer, options: { isLate?: boolean; reach?: Reach } = {}): Promise<Connection> {
  await database.admin.query(
    `UPDATE connection SET proof_due_at = clock_timestamp(),
       proof_started_at = CASE WHEN $2 THEN clock_timestamp() - interval '1 hour' ELSE proof_started_at END
     WHERE tenant_id = $1`,
    [customer.tenantId, options.isLate ?? false],
  );
  await prove(options.reach ?? microsoft.reach, RULES, customer.tenantId, customer.registrationId);
  return connectionOf(customer);
}

const principal = ({ entraTenantId }: TestCustomer) => `/tenants/${entraTenantId}/service-principals/${CLIENT_ID}`;

async function verified(): Promise<TestCustomer> {
  const customer = await microsoft.addCustomer({ state: 'consented', incidents: 3 });
  await microsoft.consent(customer);
  expect((await look(customer)).state).toBe('verified');
  return customer;
}

test('a grant with all roles and a live row is verified, and its incidents are read from then on', async () => {
  const customer = await verified();
  const { due, roles } = await connectionOf(customer);
  expect(roles.toSorted()).toEqual(['SecurityAlert.Read.All', 'SecurityIncident.Read.All']);
  expect(due).toBeGreaterThan(590_000);
  expect(await syncOf(customer)).toEqual({ isDue: true, cause: null });
  expect(await auditOf(customer)).toEqual(['worker connection.prove ok']);
});

test('before Entra has replicated it is waited for, and the next look sees the grant', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented' });
  const waiting = await look(customer);
  expect(waiting).toMatchObject({ state: 'consented', cause: 'WAITING_FOR_MICROSOFT' });
  expect(waiting.due).toBeLessThan(1_100);
  expect(await auditOf(customer)).toEqual([]);
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null });
});

test('a token without roles is not believed; once they come the connection is verified', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented', scenario: { rolesDelaySeconds: 3_600 } });
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'consented', cause: 'WAITING_FOR_ROLES', roles: [] });
  await microsoft.control('PATCH', principal(customer), { rolesDelaySeconds: 0 });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null });
});

test('roles that never come are said so when the time is over', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented', scenario: { rolesDelaySeconds: 3_600 } });
  await microsoft.consent(customer);
  expect(await look(customer, { isLate: true })).toMatchObject({
    state: 'consented',
    cause: 'ROLES_MISSING',
    due: null,
  });
  expect(await auditOf(customer)).toEqual(['worker connection.prove failed ROLES_MISSING']);
  expect(await syncOf(customer)).toBeUndefined();
});

test('half of the roles make a degraded connection that names the other half', async () => {
  const grantOnly = ['SecurityIncident.Read.All'];
  const customer = await microsoft.addCustomer({ state: 'consented', scenario: { grantOnly } });
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({
    state: 'degraded',
    cause: 'ROLE_MISSING',
    detail: 'SecurityAlert.Read.All',
  });
  expect(await auditOf(customer)).toEqual(['worker connection.prove ok ROLE_MISSING:SecurityAlert.Read.All']);
  expect(await syncOf(customer)).toEqual({ isDue: true, cause: null });
  await microsoft.control('PATCH', principal(customer), { roles: [...grantOnly, 'SecurityAlert.Read.All'] });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null, detail: null });
});

test('a tenant that nobody approved for is told after the window, and asked no more', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented' });
  expect(await look(customer, { isLate: true })).toMatchObject({
    state: 'consented',
    cause: 'NOT_APPROVED',
    due: null,
  });
  expect(await auditOf(customer)).toEqual(['worker connection.prove failed NOT_APPROVED']);
});

test('a tenant without Defender is told at once', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented', scenario: { noDefender: true } });
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'consented', cause: 'NO_DEFENDER', due: null });
});

test('a tenant that does not exist is told at once', async () => {
  const customer = await microsoft.addCustomer({ state: 'consented' });
  const unknown = '99999999-0000-4000-8000-999999999999';
  await database.admin.query('UPDATE tenant SET entra_tenant_id = $2 WHERE id = $1', [customer.tenantId, unknown]);
  expect(await look(customer)).toMatchObject({ state: 'consented', cause: '90002', due: null });
});

test('a token that names another tenant proves nothing', async () => {
  const other = await microsoft.addCustomer();
  const customer = await microsoft.addCustomer({
    state: 'consented',
    scenario: { tokenTenantId: other.entraTenantId },
  });
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'consented', cause: 'WRONG_TENANT', due: null });
  expect(await syncOf(customer)).toBeUndefined();
});

test('rows that name another tenant prove nothing', async () => {
  const other = await microsoft.addCustomer();
  const customer = await microsoft.addCustomer({
    state: 'consented',
    incidents: 1,
    scenario: { rowTenantId: other.entraTenantId },
  });
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'consented', cause: 'WRONG_TENANT', due: null });
});

test('an application that the customer removed is revoked, and nothing more is read', async () => {
  const customer = await verified();
  await microsoft.control('DELETE', principal(customer));
  expect(await look(customer)).toMatchObject({ state: 'revoked', cause: 'REVOKED', roles: [] });
  expect(await syncOf(customer)).toEqual({ isDue: false, cause: 'REVOKED' });
  expect(await auditOf(customer)).toContain('worker connection.revoke ok REVOKED');
});

test('a revoked customer who approves again is read on', async () => {
  const customer = await verified();
  await microsoft.control('DELETE', principal(customer));
  await look(customer);
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null });
  expect(await syncOf(customer)).toEqual({ isDue: true, cause: null });
});

test('an application that the customer disabled keeps its state and says why nothing comes', async () => {
  const customer = await verified();
  await microsoft.control('PATCH', principal(customer), { disabled: true });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: '7000112' });
  expect(await auditOf(customer)).toContain('worker connection.prove failed 7000112');
});

test('a Microsoft that can not be reached changes nothing for who was verified', async () => {
  const customer = await verified();
  await microsoft.changeScenario(customer, { frozen: 'hang' });
  const reach = microsoft.anotherReach({ timeoutMs: 200 });
  expect(await look(customer, { reach })).toMatchObject({ state: 'verified', cause: null });
  await microsoft.changeScenario(customer, { frozen: false });
});

test('a proof that is not due is not taken, and two workers never take the same one', async () => {
  const customer = await verified();
  const callsBefore = await callsOf(customer);
  await prove(microsoft.reach, RULES, customer.tenantId, customer.registrationId);
  expect(await callsOf(customer)).toBe(callsBefore);
  await database.admin.query('UPDATE connection SET proof_due_at = clock_timestamp() WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
  const workers = [microsoft.reach, microsoft.anotherReach()];
  await Promise.all(workers.map((reach) => prove(reach, RULES, customer.tenantId, customer.registrationId)));
  // One token and one row.
  expect(await callsOf(customer)).toBe(callsBefore + 2);
});

async function callsOf({ entraTenantId }: TestCustomer): Promise<number> {
  const { calls } = (await microsoft.control('GET', `/calls?tenant=${entraTenantId}`)) as { calls: unknown[] };
  return calls.length;
}

test('the open invitation of a customer is used up by a proof, however it was reached', async () => {
  const customer = await microsoft.addCustomer({ state: 'invited' });
  await database.admin.query(
    `INSERT INTO invitation (tenant_id, id, registration_id, token_hash, locale, created_by_name, expires_at)
     VALUES ($1, gen_random_uuid(), $2, 'hash-of-a-link', 'da', 'Mette Krogh', clock_timestamp() + interval '1 day')`,
    [customer.tenantId, customer.registrationId],
  );
  await microsoft.consent(customer);
  expect(await look(customer)).toMatchObject({ state: 'verified' });
  const { rows } = await database.admin.query('SELECT used_at FROM invitation WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
  expect(rows[0].used_at).not.toBeNull();
});

test('a wrong client secret is told by its number, and the right one repairs it', async () => {
  const customer = await verified();
  const waiting = await microsoft.addCustomer({ state: 'consented' });
  await microsoft.consent(waiting);
  await microsoft.sealSecret('not the secret of this application');
  expect(await look(waiting)).toMatchObject({ state: 'consented', cause: '7000215', due: null });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: '7000215' });
  expect(await auditOf(waiting)).toEqual(['worker connection.prove failed 7000215']);
  await microsoft.sealSecret();
  expect(await look(waiting)).toMatchObject({ state: 'verified', cause: null });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null });
});

test('a certificate proves us as well as a secret does, and an unregistered one is told by its number', async () => {
  const customer = await verified();
  await microsoft.sealCertificate();
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: null });
  await microsoft.sealCertificate({ isUnknown: true });
  expect(await look(customer)).toMatchObject({ state: 'verified', cause: '700027' });
  await microsoft.sealSecret();
});
