import { afterAll, beforeAll, expect, test } from 'vitest';
import { asTenantWorker } from '@/lib/db/client';
import { addCustomer, type TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type IncidentRecord, incidentRecordFrom } from './incident-record';
import { assertFence, type Fence, type PageResult, quarantine, StaleFence, writePage } from './store';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

interface Version {
  id?: string;
  title?: string;
  at?: string;
  alerts?: { id: string; title?: string; at?: string; evidence?: object[] }[];
}

function recordOf(
  customer: TestCustomer,
  { id = '1', title = 'first', at = '10:00:00Z', alerts }: Version,
): IncidentRecord {
  const value = {
    id,
    tenantId: customer.entraTenantId,
    displayName: title,
    status: 'active',
    severity: 'high',
    createdDateTime: '2026-11-20T08:00:00Z',
    lastUpdateDateTime: `2026-11-20T${at}`,
    ...(alerts && {
      alerts: alerts.map((alert) => ({
        id: alert.id,
        title: alert.title ?? 'alert',
        severity: 'low',
        status: 'new',
        serviceSource: 'microsoftDefenderForEndpoint',
        lastUpdateDateTime: `2026-11-20T${alert.at ?? '09:00:00Z'}`,
        evidence: alert.evidence ?? [],
      })),
    }),
  };
  const judged = incidentRecordFrom({ value, text: JSON.stringify(value) }, customer.entraTenantId);
  if ('reason' in judged) throw new Error(judged.reason);
  return judged;
}

const fenceOf = (customer: TestCustomer): Fence => ({ tenantId: customer.tenantId, stream: 'incidents', token: 0n });

function write(customer: TestCustomer, ...versions: Version[]): Promise<PageResult> {
  const records = versions.map((version) => recordOf(customer, version));
  return asTenantWorker(customer.tenantId, async (db) => {
    await assertFence(db, fenceOf(customer));
    return writePage(db, fenceOf(customer), records);
  });
}

async function titlesOf(table: 'incident' | 'alert', { tenantId }: TestCustomer): Promise<Record<string, string>> {
  const { rows } = await database.admin.query<{ id: string; title: string }>(
    `SELECT id, title FROM ${table} WHERE tenant_id = $1 ORDER BY id`,
    [tenantId],
  );
  return Object.fromEntries(rows.map(({ id, title }) => [id, title]));
}

test('a newer version replaces an older one, and an older never a newer', async () => {
  const customer = await addCustomer(database);
  await write(customer, { title: 'middle', at: '10:00:00.1234567Z' });
  expect((await write(customer, { title: 'older', at: '10:00:00.1234566Z' })).hasChanges).toBe(false);
  expect(await titlesOf('incident', customer)).toEqual({ '1': 'middle' });
  await write(customer, { title: 'newer', at: '10:00:00.1234568Z' });
  expect(await titlesOf('incident', customer)).toEqual({ '1': 'newer' });
});

test('a version of the same time replaces only a different content', async () => {
  const customer = await addCustomer(database);
  await write(customer, { title: 'one' });
  expect(await write(customer, { title: 'one' })).toEqual({ changedIds: [], hasChanges: false });
  expect(await write(customer, { title: 'two' })).toEqual({ changedIds: ['1'], hasChanges: true });
  expect(await titlesOf('incident', customer)).toEqual({ '1': 'two' });
});

test('of two versions in one page the newer is kept, in whichever order they come', async () => {
  const customer = await addCustomer(database);
  await write(customer, { title: 'newer', at: '11:00:00Z' }, { title: 'older', at: '10:00:00Z' });
  expect(await titlesOf('incident', customer)).toEqual({ '1': 'newer' });
});

test('the alerts of an older version are left alone too', async () => {
  const customer = await addCustomer(database);
  await write(customer, { at: '11:00:00Z', alerts: [{ id: 'a', title: 'now' }] });
  await write(customer, { at: '10:00:00Z', alerts: [{ id: 'a', title: 'then' }, { id: 'b' }] });
  expect(await titlesOf('alert', customer)).toEqual({ a: 'now' });
});

test('an older alert does not replace a newer one, even under a newer incident', async () => {
  const customer = await addCustomer(database);
  await write(customer, { at: '11:00:00Z', alerts: [{ id: 'a', title: 'now', at: '11:00:00Z' }] });
  await write(customer, { at: '12:00:00Z', alerts: [{ id: 'a', title: 'then', at: '10:00:00Z' }] });
  expect(await titlesOf('alert', customer)).toEqual({ a: 'now' });
});

test('alerts that changed without their incident are brought up to date', async () => {
  const customer = await addCustomer(database);
  await write(customer, { alerts: [{ id: 'a', title: 'one', evidence: [{ x: 1 }, { x: 2 }] }] });
  const changed = await write(customer, { alerts: [{ id: 'a', title: 'two', evidence: [{ x: 3 }] }] });
  expect(changed).toEqual({ changedIds: [], hasChanges: true });
  expect(await titlesOf('alert', customer)).toEqual({ a: 'two' });
  const { rows } = await database.admin.query('SELECT fields FROM evidence WHERE tenant_id = $1', [customer.tenantId]);
  expect(rows).toEqual([{ fields: { x: 3, roles: [] } }]);
});

test('an alert that moved to another incident is found there only', async () => {
  const customer = await addCustomer(database);
  await write(customer, { id: '1', alerts: [{ id: 'a' }, { id: 'b' }] }, { id: '2', alerts: [{ id: 'c' }] });
  await write(
    customer,
    { id: '1', at: '11:00:00Z', alerts: [] },
    { id: '2', at: '11:00:00Z', alerts: [{ id: 'a' }, { id: 'c' }] },
  );
  const { rows } = await database.admin.query('SELECT id, incident_id FROM alert WHERE tenant_id = $1 ORDER BY id', [
    customer.tenantId,
  ]);
  expect(rows).toEqual([
    { id: 'a', incident_id: '2' },
    { id: 'c', incident_id: '2' },
  ]);
  const { rows: sums } = await database.admin.query(
    'SELECT id, alert_count AS alerts, service_sources AS sources FROM incident WHERE tenant_id = $1 ORDER BY id',
    [customer.tenantId],
  );
  expect(sums).toEqual([
    { id: '1', alerts: 0, sources: [] },
    { id: '2', alerts: 2, sources: ['microsoftDefenderForEndpoint'] },
  ]);
});

test('two tenants may use the same incident number', async () => {
  const [one, two] = [await addCustomer(database), await addCustomer(database)];
  await write(one, { title: 'of one' });
  await write(two, { title: 'of two' });
  expect(await titlesOf('incident', one)).toEqual({ '1': 'of one' });
  expect(await titlesOf('incident', two)).toEqual({ '1': 'of two' });
});

test('a run with an old fencing token is refused', async () => {
  const customer = await addCustomer(database);
  await database.admin.query('UPDATE sync_state SET fencing_token = 5 WHERE tenant_id = $1', [customer.tenantId]);
  await expect(write(customer, {})).rejects.toThrow(StaleFence);
  expect(await titlesOf('incident', customer)).toEqual({});
});

test('in one tenant’s transaction another tenant’s rows can not be written', async () => {
  const [one, two] = [await addCustomer(database), await addCustomer(database)];
  const record = recordOf(two, {});
  await expect(asTenantWorker(one.tenantId, (db) => writePage(db, fenceOf(two), [record]))).rejects.toThrow(
    /row-level security/,
  );
  expect(await titlesOf('incident', two)).toEqual({});
});

test('a rejected record is kept once, whole, however often it comes', async () => {
  const customer = await addCustomer(database);
  const raw = '{"id":"7","displayName":"a\\u0000b"}';
  const expanded = '{"id":"7","displayName":"a\\u0000b","alerts":[]}';
  for (const text of [raw, raw, expanded]) {
    await asTenantWorker(customer.tenantId, (db) =>
      quarantine(db, fenceOf(customer), [{ reason: 'NUL_CHARACTER', recordId: '7', raw: text }]),
    );
  }
  const { rows } = await database.admin.query('SELECT record_id, reason, raw FROM quarantine WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
  expect(rows).toEqual([{ record_id: '7', reason: 'NUL_CHARACTER', raw }]);
});
