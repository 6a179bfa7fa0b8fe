import { afterAll, beforeAll, expect, test } from 'vitest';
import { prove } from '@/lib/connections/proof';
import type { TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type EmulatedMicrosoft, emulateMicrosoft } from '@/test/emulated-microsoft';
import { incidentSync } from './incident-sync';

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

const RULES = { proofWindowMs: 60_000, probeIntervalMs: 60_000 };
const never = new AbortController().signal;

async function makeDue(customer: TestCustomer): Promise<void> {
  await database.admin.query('UPDATE sync_state SET due_at = clock_timestamp() WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
}

async function connect(options: Parameters<EmulatedMicrosoft['addCustomer']>[0]): Promise<TestCustomer> {
  const customer = await microsoft.addCustomer({ ...options, state: 'consented' });
  await microsoft.consent(customer);
  await database.admin.query('UPDATE connection SET proof_due_at = clock_timestamp() WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
  await prove(microsoft.reach, RULES, customer.tenantId, customer.registrationId);
  return customer;
}

async function one<T>(query: string, customer: TestCustomer): Promise<T> {
  const { rows } = await database.admin.query(query, [customer.tenantId]);
  return rows[0] as T;
}

test('3,000 incidents all arrive exactly once', { timeout: 120_000 }, async () => {
  const customer = await connect({ incidents: 3_000 });
  await incidentSync(microsoft.reach, { syncIntervalMs: 60_000 }).run(customer.tenantId, never);
  expect(
    await one('SELECT state, cause_code, history_complete FROM sync_state WHERE tenant_id = $1', customer),
  ).toEqual({
    state: 'complete',
    cause_code: null,
    history_complete: true,
  });
  expect(await one('SELECT count(*)::int AS n FROM incident WHERE tenant_id = $1', customer)).toEqual({ n: 3_000 });
  await makeDue(customer);
});
