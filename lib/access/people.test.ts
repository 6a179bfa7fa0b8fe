import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorOf } from '@/test/actors';
import { addCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { addUser, type TestUser } from '@/test/people';
import { type AccessChange, changeAccess, listPeople } from './people';

let database: TestDatabase;
let lars: TestUser;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.admin.query('DELETE FROM user_role');
  lars = await addUser(database, { displayName: 'Lars Holm', roles: ['administrator'] });
});

const change = (user: TestUser, more: Partial<AccessChange> = {}): AccessChange => ({
  userId: user.id,
  roles: [],
  isDisabled: false,
  seesAllCustomers: false,
  customerIds: [],
  ...more,
});

async function rolesOf(user: TestUser): Promise<string[]> {
  const { rows } = await database.admin.query('SELECT role FROM user_role WHERE user_id = $1 ORDER BY role', [user.id]);
  return rows.map(({ role }) => role);
}

describe('changing what a person may do', () => {
  it('gives roles and customers, ends their sessions and is recorded', async () => {
    const jens = await addUser(database, { displayName: 'Jens Holm' });
    const customer = await addCustomer(database);
    await database.admin.query(
      `INSERT INTO session (token_hash, user_id, expires_at) VALUES ($1, $2, clock_timestamp() + interval '1 hour')`,
      [`hash-${jens.id}`, jens.id],
    );
    const wish = change(jens, { roles: ['analyst'], customerIds: [customer.customerId] });
    await changeAccess(actorOf(lars, ['administrator']), wish);
    expect(await rolesOf(jens)).toEqual(['analyst']);
    const people = await listPeople(actorOf(lars, ['administrator']));
    expect(people.find(({ id }) => id === jens.id)?.customerIds).toEqual([customer.customerId]);
    const sessions = await database.admin.query('SELECT 1 FROM session WHERE user_id = $1', [jens.id]);
    expect(sessions.rowCount).toBe(0);
    const { rows } = await database.admin.query('SELECT action FROM audit_event WHERE target = $1 ORDER BY seq', [
      jens.id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['user.change_roles', 'assignment.change']);
  });

  it('never leaves the installation without an administrator', async () => {
    const actor = actorOf(lars, ['administrator']);
    await expect(changeAccess(actor, change(lars))).rejects.toMatchObject({ message: 'lastAdministrator' });
    const disabled = change(lars, { roles: ['administrator'], isDisabled: true });
    await expect(changeAccess(actor, disabled)).rejects.toMatchObject({ message: 'lastAdministrator' });
    expect(await rolesOf(lars)).toEqual(['administrator']);
  });

  it('keeps one of two administrators who demote each other at the same moment', async () => {
    const anna = await addUser(database, { displayName: 'Anna Berg', roles: ['administrator'] });
    const outcomes = await Promise.allSettled([
      changeAccess(actorOf(lars, ['administrator']), change(anna)),
      changeAccess(actorOf(anna, ['administrator']), change(lars)),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect([...(await rolesOf(lars)), ...(await rolesOf(anna))]).toEqual(['administrator']);
  });

  it('is refused for everybody but administrators, whatever they claim to be', async () => {
    const mette = await addUser(database, { displayName: 'Mette Krogh', roles: ['account_manager'] });
    const wish = change(mette, { roles: ['administrator'] });
    await expect(changeAccess(actorOf(mette, ['account_manager']), wish)).rejects.toMatchObject({ code: 'forbidden' });
    const customer = await addCustomer(database);
    const forged = change(mette, { roles: ['account_manager'], customerIds: [customer.customerId] });
    // The database judges by its own roles when the code is told a lie.
    await expect(changeAccess(actorOf(mette, ['administrator']), forged)).rejects.toThrow();
    const { rowCount } = await database.admin.query('SELECT 1 FROM customer_assignment WHERE user_id = $1', [mette.id]);
    expect(rowCount).toBe(0);
  });

  it('refuses customers and people that do not exist', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    const actor = actorOf(lars, ['administrator']);
    const unknownCustomer = change(lars, { roles: ['administrator'], customerIds: [nobody] });
    await expect(changeAccess(actor, unknownCustomer)).rejects.toMatchObject({ code: 'not_found' });
    const unknownPerson = { ...change(lars), userId: nobody };
    await expect(changeAccess(actor, unknownPerson)).rejects.toMatchObject({ code: 'not_found' });
  });
});
