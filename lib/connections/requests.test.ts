import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type EmulatedMicrosoft, emulateMicrosoft } from '@/test/emulated-microsoft';
import { answerRequest, openRequests } from './requests';

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

async function asked(payload: object, kind = 'resolve_tenant'): Promise<{ state: string; answer: unknown }> {
  const id = randomUUID();
  await database.admin.query('INSERT INTO request (id, kind, payload) VALUES ($1, $2, $3)', [id, kind, payload]);
  expect(await openRequests(10)).toEqual([id]);
  await answerRequest(microsoft.reach, id);
  expect(await openRequests(10)).toEqual([]);
  const { rows } = await database.admin.query(
    'SELECT state, answer FROM request WHERE id = $1 AND finished_at IS NOT NULL',
    [id],
  );
  return rows[0];
}

test('a domain is answered with its tenant', async () => {
  const { entraTenantId, slug } = await microsoft.addCustomer();
  expect(await asked({ domainOrTenantId: `${slug}.example` })).toEqual({
    state: 'done',
    answer: { entraTenantId, cloudInstance: 'microsoftonline.com' },
  });
  expect((await asked({ domainOrTenantId: entraTenantId.toUpperCase() })).answer).toMatchObject({ entraTenantId });
});

test('an unknown domain is answered with Microsoft’s number', async () => {
  expect(await asked({ domainOrTenantId: 'nobody.example' })).toEqual({
    state: 'failed',
    answer: { code: '90002', kind: 'unknown_tenant' },
  });
});

test('a question that makes no sense is answered too, rather than left open for ever', async () => {
  expect((await asked({})).state).toBe('failed');
  expect((await asked({}, 'make_coffee')).answer).toEqual({ code: 'UNKNOWN_KIND', kind: 'refused' });
});
