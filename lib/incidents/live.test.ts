import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { announceChange } from '@/lib/db/changes';
import { asTenantWorker } from '@/lib/db/client';
import { actorOf } from '@/test/actors';
import { addCustomer, type TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { addUser, assign, type TestUser } from '@/test/people';
import { type LiveKind, watchChanges } from './live';

let database: TestDatabase;
let fabrikam: TestCustomer;
let foreign: TestCustomer;
let jens: TestUser;

beforeAll(async () => {
  database = await createTestDatabase();
  fabrikam = await addCustomer(database);
  foreign = await addCustomer(database);
  jens = await addUser(database, { roles: ['analyst'] });
  await assign(database, jens, fabrikam);
});
afterAll(() => database.close());

const tell = (customer: TestCustomer, kind: LiveKind) =>
  asTenantWorker(customer.tenantId, (db) => announceChange(db, { kind, tenantId: customer.tenantId }));

/** Tells until it is heard: the listening connection is made on the first watch, and may not stand yet. */
async function toldUntilHeard(heard: LiveKind[], customer: TestCustomer, kind: LiveKind): Promise<void> {
  await vi.waitFor(
    async () => {
      await tell(customer, kind);
      expect(heard).toContain(kind);
    },
    { timeout: 10_000 },
  );
}

it('tells of changes in the reader’s tenants and of no others, until it is stopped', async () => {
  const actor = actorOf(jens, ['analyst']);
  const heard: LiveKind[] = [];
  const watch = await watchChanges(actor, (kind) => heard.push(kind));
  await toldUntilHeard(heard, fabrikam, 'freshness');
  await tell(foreign, 'incidents');
  await tell(foreign, 'connection');
  await toldUntilHeard(heard, fabrikam, 'incidents');
  expect(heard).not.toContain('connection');

  await assign(database, jens, foreign);
  await watch.refresh(actor);
  await toldUntilHeard(heard, foreign, 'connection');

  watch.stop();
  const before = heard.length;
  await tell(fabrikam, 'incidents');
  const second: LiveKind[] = [];
  const other = await watchChanges(actor, (kind) => second.push(kind));
  await toldUntilHeard(second, fabrikam, 'incidents');
  expect(heard).toHaveLength(before);
  other.stop();
});
