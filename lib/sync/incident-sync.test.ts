import { afterAll, beforeAll, expect, test } from 'vitest';
import { prove } from '@/lib/connections/proof';
import type { Reach } from '@/lib/connections/reach';
import type { TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type EmulatedMicrosoft, emulateMicrosoft } from '@/test/emulated-microsoft';
import { incidentSync } from './incident-sync';

const CLIENT_ID = '7c0d2f4e-2222-4a51-9d51-000000000002';
const INTERVAL_MS = 60_000;

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

async function rowsOf<Row>(query: string, { tenantId }: TestCustomer): Promise<Row[]> {
  return (await database.admin.query(query, [tenantId])).rows as Row[];
}

async function oneOf<Row>(query: string, customer: TestCustomer): Promise<Row> {
  const [row] = await rowsOf<Row>(query, customer);
  if (!row) throw new Error('no row');
  return row;
}

async function connect(options: Parameters<EmulatedMicrosoft['addCustomer']>[0] = {}): Promise<TestCustomer> {
  const customer = await microsoft.addCustomer({ ...options, state: 'consented' });
  await microsoft.consent(customer);
  await rowsOf('UPDATE connection SET proof_due_at = clock_timestamp() WHERE tenant_id = $1', customer);
  const rules = { proofWindowMs: 60_000, probeIntervalMs: 60_000 };
  await prove(microsoft.reach, rules, customer.tenantId, customer.registrationId);
  return customer;
}

/** One run, due or not, as one of the worker's jobs. */
async function read(customer: TestCustomer, reach: Reach = microsoft.reach, signal = new AbortController().signal) {
  await rowsOf('UPDATE sync_state SET due_at = clock_timestamp() WHERE tenant_id = $1', customer);
  await incidentSync(reach, { syncIntervalMs: INTERVAL_MS }).run(customer.tenantId, signal);
}

interface State {
  state: string;
  cause: string | null;
  isComplete: boolean;
  dueMs: number;
}

function stateOf(customer: TestCustomer): Promise<State> {
  return oneOf<State>(
    `SELECT state, cause_code AS cause, history_complete AS "isComplete",
       (extract(epoch FROM due_at - clock_timestamp()) * 1000)::float8 AS "dueMs"
     FROM sync_state WHERE tenant_id = $1`,
    customer,
  );
}

const count = async (table: string, customer: TestCustomer) =>
  (await oneOf<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE tenant_id = $1`, customer)).n;

/** Newest version of every incident that the emulator ever showed: the judge of what must be stored. */
async function ledgerOf({ entraTenantId }: TestCustomer): Promise<Map<string, string>> {
  const { versions } = (await microsoft.control('GET', `/ledger/${entraTenantId}`)) as {
    versions: { version: number; id: string; lastUpdateDateTime: string }[];
  };
  const sorted = versions.toSorted((a, b) => a.version - b.version);
  return new Map(sorted.map(({ id, lastUpdateDateTime }) => [id, lastUpdateDateTime]));
}

async function expectSameAsLedger(customer: TestCustomer): Promise<void> {
  const stored = await rowsOf<{ id: string; at: string }>(
    'SELECT id, last_update_text AS at FROM incident WHERE tenant_id = $1',
    customer,
  );
  expect(new Map(stored.map(({ id, at }) => [id, at]))).toEqual(await ledgerOf(customer));
}

async function makeIncidents(customer: TestCustomer, wish: object): Promise<string[]> {
  const { ids } = await microsoft.control('POST', `/tenants/${customer.entraTenantId}/incidents`, wish);
  return ids as string[];
}

async function graphCalls(customer: TestCustomer): Promise<{ path: string; status: number; early: boolean }[]> {
  const { calls } = (await microsoft.control('GET', `/calls?tenant=${customer.entraTenantId}`)) as {
    calls: { service: string; path: string; status: number; early: boolean }[];
  };
  return calls.filter(({ service }) => service === 'graph');
}

test('3,000 incidents all arrive exactly once, each with its raw record and its alerts', {
  timeout: 120_000,
}, async () => {
  const customer = await connect({ incidents: 3_000 });
  await read(customer);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null, isComplete: true });
  await expectSameAsLedger(customer);
  expect(await count('incident_raw', customer)).toBe(3_000);
  const pending = "SELECT count(*)::int AS n FROM incident WHERE tenant_id = $1 AND alerts_state <> 'complete'";
  expect(await oneOf(pending, customer)).toEqual({ n: 0 });
});

test('later rounds bring what changed and touch nothing else', async () => {
  const customer = await connect({ incidents: 30 });
  await read(customer);
  const before = await rowsOf<{ id: string; arrived: Date }>(
    'SELECT id, arrived_at AS arrived FROM incident WHERE tenant_id = $1',
    customer,
  );
  await microsoft.control('POST', `/tenants/${customer.entraTenantId}/changes`, { count: 12 });
  const fresh = await makeIncidents(customer, { count: 2 });
  await read(customer);
  await expectSameAsLedger(customer);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null });
  const after = await rowsOf<{ id: string; arrived: Date }>(
    'SELECT id, arrived_at AS arrived FROM incident WHERE tenant_id = $1',
    customer,
  );
  const arrivals = new Map(after.map(({ id, arrived }) => [id, arrived]));
  for (const { id, arrived } of before) expect(arrivals.get(id)).toEqual(arrived);
  for (const id of fresh) expect(arrivals.has(id)).toBe(true);
});

test('a round without changes asks once and writes no incident', async () => {
  const customer = await connect({ incidents: 10 });
  await read(customer);
  const versions = 'SELECT sum(xmin::text::bigint)::text AS sum FROM incident WHERE tenant_id = $1';
  const before = await oneOf(versions, customer);
  const callsBefore = (await graphCalls(customer)).length;
  await read(customer);
  expect((await graphCalls(customer)).length - callsBefore).toBe(1);
  expect(await oneOf(versions, customer)).toEqual(before);
});

test('alerts and evidence are those of Graph, and an incident sums its alerts up', async () => {
  const customer = await connect({ incidents: 5 });
  await read(customer);
  const sums = await rowsOf<{ id: string; shown: number; counted: number; sources: string[]; distinct: string[] }>(
    `SELECT i.id, i.alert_count AS shown, count(a.id)::int AS counted, i.service_sources AS sources,
       array_agg(DISTINCT a.service_source) AS distinct
     FROM incident i JOIN alert a USING (tenant_id) WHERE i.tenant_id = $1 AND a.incident_id = i.id
     GROUP BY i.id, i.alert_count, i.service_sources`,
    customer,
  );
  expect(sums.length).toBeGreaterThan(0);
  for (const { counted, distinct, shown, sources } of sums) {
    expect(shown).toBe(counted);
    expect(sources.toSorted()).toEqual(distinct.toSorted());
  }
  expect(await count('evidence', customer)).toBeGreaterThan(0);
});

test('120 incidents of one and the same time all arrive', async () => {
  const customer = await connect();
  await read(customer);
  const lastUpdateDateTime = new Date(Date.now() - 60_000).toISOString().replace('Z', '1234Z');
  await makeIncidents(customer, { count: 120, overrides: { lastUpdateDateTime } });
  await read(customer);
  expect(await count('incident', customer)).toBe(120);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null });
});

test('where expanding fails the list comes without alerts, and they come one incident at a time', async () => {
  const customer = await connect({ incidents: 60, scenario: { expandFails: true } });
  await read(customer);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null, isComplete: true });
  await expectSameAsLedger(customer);
  expect(await count('alert', customer)).toBeGreaterThan(0);
  await read(customer);
  const open = "SELECT count(*)::int AS n FROM incident WHERE tenant_id = $1 AND alerts_state <> 'complete'";
  expect(await oneOf(open, customer)).toEqual({ n: 0 });
});

test('an incident that poisons its page is stored without alerts, with the reason, and the others with theirs', async () => {
  const customer = await connect({ incidents: 20 });
  const [poisoned] = (await ledgerOf(customer)).keys();
  await microsoft.changeScenario(customer, { poisonedIncidentIds: [poisoned] });
  await read(customer);
  await expectSameAsLedger(customer);
  const trouble =
    "SELECT id, alerts_state, alerts_failure FROM incident WHERE tenant_id = $1 AND alerts_state <> 'complete'";
  expect(await rowsOf(trouble, customer)).toEqual([
    { id: poisoned, alerts_state: 'failed', alerts_failure: 'SERVER_ERROR' },
  ]);
  await microsoft.changeScenario(customer, { poisonedIncidentIds: [] });
  await rowsOf("UPDATE incident SET read_at = read_at - interval '1 hour' WHERE tenant_id = $1", customer);
  await read(customer);
  expect(await rowsOf(trouble, customer)).toEqual([]);
});

test('a record with a NUL character is kept apart, the rest of its page is stored, and reading goes on', async () => {
  const customer = await connect({ incidents: 5 });
  const [bad] = await makeIncidents(customer, { overrides: { displayName: 'a\u0000b' } });
  const [good] = await makeIncidents(customer, {});
  await read(customer);
  const ids = (await rowsOf<{ id: string }>('SELECT id FROM incident WHERE tenant_id = $1', customer)).map(
    ({ id }) => id,
  );
  expect(ids).toHaveLength(6);
  expect(ids).toContain(good);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null });
  await read(customer);
  expect(await rowsOf('SELECT record_id, reason FROM quarantine WHERE tenant_id = $1', customer)).toEqual([
    { record_id: bad, reason: 'NUL_CHARACTER' },
  ]);
});

test('rows of another tenant are kept apart and never written, and reading stops', async () => {
  const customer = await connect({ incidents: 3 });
  const other = await microsoft.addCustomer();
  await microsoft.changeScenario(customer, { rowTenantId: other.entraTenantId });
  await read(customer);
  expect(await count('incident', customer)).toBe(0);
  expect(await count('incident', other)).toBe(0);
  expect(await count('quarantine', customer)).toBe(3);
  const stopped = await stateOf(customer);
  expect(stopped).toMatchObject({ state: 'failing', cause: 'WRONG_TENANT', isComplete: false });
  expect(stopped.dueMs).toBeGreaterThan(800_000);
  await microsoft.changeScenario(customer, { rowTenantId: null });
  await read(customer);
  await expectSameAsLedger(customer);
});

test('a throttled tenant is not called before its time, and keeps what it has', async () => {
  const customer = await connect({ incidents: 400, scenario: { throttlePerMinute: 5 } });
  await read(customer);
  const throttled = await stateOf(customer);
  expect(throttled).toMatchObject({ state: 'failing', cause: 'THROTTLED', isComplete: false });
  expect(throttled.dueMs).toBeGreaterThan(30_000);
  const stored = await count('incident', customer);
  expect(stored).toBeGreaterThan(0);
  await read(customer);
  const calls = await graphCalls(customer);
  expect(calls.filter(({ status }) => status === 429)).toHaveLength(1);
  expect(calls.filter(({ early }) => early)).toEqual([]);
  await microsoft.changeScenario(customer, { throttlePerMinute: 1_000 });
  await read(customer, microsoft.anotherReach());
  await expectSameAsLedger(customer);
});

test('a budget of our own that is used up pauses the first fill, which then goes on where it was', async () => {
  const customer = await connect({ incidents: 300 });
  await read(customer, microsoft.anotherReach({ callsPerMinute: 5 }));
  expect(await stateOf(customer)).toMatchObject({ state: 'waiting', cause: null, isComplete: false });
  const stored = await count('incident', customer);
  expect(stored).toBeGreaterThan(100);
  expect(stored).toBeLessThan(300);
  const callsBefore = (await graphCalls(customer)).length;
  await read(customer, microsoft.anotherReach());
  await expectSameAsLedger(customer);
  expect((await graphCalls(customer)).length - callsBefore).toBeLessThan(6);
});

test('an answer that is not complete moves nothing on, so that the next round brings the rest', async () => {
  const customer = await connect({ incidents: 20 });
  const fault = { tenantId: customer.entraTenantId, kind: 'partial-206', probability: 1, seed: 1 };
  await microsoft.control('POST', '/faults', { ...fault, remaining: 1 });
  await read(customer);
  expect(await stateOf(customer)).toMatchObject({ state: 'failing', cause: 'SERVER_ERROR', isComplete: false });
  expect(await oneOf('SELECT cursor_ticks FROM sync_state WHERE tenant_id = $1', customer)).toEqual({
    cursor_ticks: null,
  });
  await read(customer);
  await expectSameAsLedger(customer);
});

test('a tenant that never answers ends with the time limit and is told as unreachable', async () => {
  const customer = await connect({ incidents: 2 });
  await microsoft.changeScenario(customer, { frozen: 'hang' });
  await read(customer, microsoft.anotherReach({ timeoutMs: 150 }));
  expect(await stateOf(customer)).toMatchObject({ state: 'failing', cause: 'UNREACHABLE' });
  await microsoft.changeScenario(customer, { frozen: false });
  await read(customer);
  expect(await stateOf(customer)).toMatchObject({ state: 'complete', cause: null });
});

test('an approval taken back is noticed by the reader too, which has the grant looked at', async () => {
  const customer = await connect({ incidents: 2 });
  await microsoft.control('DELETE', `/tenants/${customer.entraTenantId}/service-principals/${CLIENT_ID}`);
  await read(customer, microsoft.anotherReach());
  expect(await stateOf(customer)).toMatchObject({ state: 'failing', cause: 'NOT_APPROVED' });
  expect(
    await oneOf('SELECT proof_due_at <= clock_timestamp() AS due FROM connection WHERE tenant_id = $1', customer),
  ).toEqual({ due: true });
});

test('merged incidents stay, point to the survivor and are no longer open', async () => {
  const customer = await connect({ incidents: 4 });
  await read(customer);
  const [lost, survivor] = await makeIncidents(customer, { count: 2 });
  await read(customer);
  await microsoft.control('PATCH', `/tenants/${customer.entraTenantId}/incidents/${lost}`, { mergeInto: survivor });
  await read(customer);
  const merged = await rowsOf<{ id: string }>(
    `SELECT id, redirect_incident_id AS target, is_open AS open, alert_count AS alerts FROM incident
     WHERE tenant_id = $1 AND status = 'redirected' AND redirect_incident_id IS NOT NULL`,
    customer,
  );
  expect(merged.find(({ id }) => id === lost)).toEqual({ id: lost, target: survivor, open: false, alerts: 0 });
  const moved = await oneOf<{ n: number; shown: number }>(
    `SELECT count(*)::int AS n, max(i.alert_count) AS shown FROM alert a
     JOIN incident i ON i.tenant_id = a.tenant_id AND i.id = a.incident_id
     WHERE a.tenant_id = $1 AND a.incident_id = '${survivor}'`,
    customer,
  );
  expect(moved.n).toBe(moved.shown);
});

/** A way to Microsoft that lets something happen just before the list is answered. */
function interrupted(happens: () => Promise<unknown>): Reach {
  const reach = microsoft.anotherReach();
  const graph: Reach['graph'] = (...args) => {
    const session = reach.graph(...args);
    return {
      ...session,
      async listIncidents(query) {
        const page = await session.listIncidents(query);
        await happens();
        return page;
      },
    };
  };
  return { ...reach, graph };
}

test('a run that was overtaken writes nothing, not even its end', async () => {
  const customer = await connect({ incidents: 5 });
  const overtaken = interrupted(() =>
    rowsOf("UPDATE sync_state SET fencing_token = fencing_token + 1, state = 'running' WHERE tenant_id = $1", customer),
  );
  await read(customer, overtaken);
  expect(await count('incident', customer)).toBe(0);
  expect(await stateOf(customer)).toMatchObject({ state: 'running', isComplete: false });
});

test('a revocation ends a run that is under way', async () => {
  const customer = await connect({ incidents: 5 });
  const revoked = interrupted(async () => {
    await microsoft.control('DELETE', `/tenants/${customer.entraTenantId}/service-principals/${CLIENT_ID}`);
    await rowsOf('UPDATE connection SET proof_due_at = clock_timestamp() WHERE tenant_id = $1', customer);
    const rules = { proofWindowMs: 60_000, probeIntervalMs: 60_000 };
    await prove(microsoft.anotherReach(), rules, customer.tenantId, customer.registrationId);
  });
  await read(customer, revoked);
  expect(await count('incident', customer)).toBe(0);
  expect(await stateOf(customer)).toMatchObject({ state: 'failing', cause: 'REVOKED', dueMs: null });
  await read(customer);
  expect(await count('incident', customer)).toBe(0);
});

test('a worker that ends gives its run back at once', async () => {
  const customer = await connect({ incidents: 200 });
  const ending = new AbortController();
  await read(
    customer,
    interrupted(async () => ending.abort()),
    ending.signal,
  );
  const given = await stateOf(customer);
  expect(given.state).toBe('waiting');
  expect(given.dueMs).toBeLessThanOrEqual(0);
  await read(customer);
  await expectSameAsLedger(customer);
});

test('two workers at once leave every incident stored once', async () => {
  const customer = await connect({ incidents: 150 });
  await rowsOf('UPDATE sync_state SET due_at = clock_timestamp() WHERE tenant_id = $1', customer);
  const workers = [microsoft.reach, microsoft.anotherReach()];
  const signal = new AbortController().signal;
  await Promise.all(
    workers.map((reach) => incidentSync(reach, { syncIntervalMs: INTERVAL_MS }).run(customer.tenantId, signal)),
  );
  await expectSameAsLedger(customer);
});
