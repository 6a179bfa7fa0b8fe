import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/access/actor';
import { actorOf } from '@/test/actors';
import { addAlert, addCustomer, addIncident, type TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { addUser, assign } from '@/test/people';
import { filterFrom, type QueueFilter, type SearchParams } from './filter';
import { type LiveQueue, readLiveQueue } from './live-queries';
import { PAGE_SIZE, type QueuePage, readQueue } from './queries';

const INTERVAL_MS = 60_000;

let database: TestDatabase;
let fabrikam: TestCustomer;
let woodgrove: TestCustomer;
let foreign: TestCustomer;
let analyst: Actor;
let everywhere: Actor;
let unassigned: Actor;
let manager: Actor;

function filterOf(params: SearchParams): QueueFilter {
  const parsed = filterFrom(params);
  if (!parsed.ok) throw new Error('The test’s own filter is not understood');
  return parsed.filter;
}

async function queue(actor: Actor, params: SearchParams = {}, after: QueueFilter['after'] = null): Promise<QueuePage> {
  const page = await readQueue(actor, { ...filterOf(params), after }, INTERVAL_MS);
  if (!page.ok) throw new Error('Refused');
  return page;
}

const keysOf = (rows: { slug: string; id: string }[]) => rows.map(({ slug, id }) => `${slug}/${id}`);

beforeAll(async () => {
  database = await createTestDatabase();
  fabrikam = await addCustomer(database, { displayName: 'Fabrikam' });
  woodgrove = await addCustomer(database, { displayName: 'Woodgrove' });
  foreign = await addCustomer(database, { displayName: 'Tailspin' });
  const jens = await addUser(database, { roles: ['analyst'] });
  for (const customer of [fabrikam, woodgrove]) await assign(database, jens, customer);
  analyst = actorOf(jens, ['analyst']);
  const lars = await addUser(database, { displayName: 'Lars Holm', roles: ['analyst'], seesAllCustomers: true });
  everywhere = actorOf(lars, ['analyst'], { seesAllCustomers: true });
  unassigned = actorOf(await addUser(database, { roles: ['analyst'] }), ['analyst']);
  manager = actorOf(await addUser(database, { roles: ['account_manager'] }), ['account_manager']);

  const start = Date.parse('2026-11-20T08:00:00Z');
  const severities = ['high', 'medium', 'low', 'informational', 'unknownFutureValue'];
  const statuses = ['active', 'inProgress', 'resolved', 'awaitingAction', 'redirected'];
  for (let index = 0; index < 130; index++) {
    const customer = index % 3 === 0 ? fabrikam : index % 3 === 1 ? woodgrove : foreign;
    await addIncident(database, customer, {
      severity: severities[index % 5] ?? 'low',
      status: statuses[Math.floor(index / 5) % 5] ?? 'active',
      // Ten arrive in the same millisecond: only the number behind them tells their order.
      arrivedAt: new Date(start + Math.floor(index / 10) * 1000),
    });
  }
});
afterAll(() => database.close());

describe('the queue', () => {
  it.each([
    ['some tenants', () => analyst, 87],
    ['every tenant', () => everywhere, 130],
  ])('pages over %s without losing or repeating a row, newest arrival first', async (_, actor, count) => {
    const seen: string[] = [];
    let after: QueueFilter['after'] = null;
    let lastMs = Number.POSITIVE_INFINITY;
    do {
      const page: QueuePage = await queue(actor(), {}, after);
      for (const row of page.rows) {
        expect(row.arrivedAt.getTime()).toBeLessThanOrEqual(lastMs);
        lastMs = row.arrivedAt.getTime();
      }
      seen.push(...keysOf(page.rows));
      expect(page.total).toEqual({ count, capped: false });
      after = page.next;
    } while (after);
    expect(seen).toHaveLength(count);
    expect(new Set(seen).size).toBe(count);
  });

  it('shows nothing foreign, whoever asks', async () => {
    expect((await queue(analyst)).rows.some(({ slug }) => slug === foreign.slug)).toBe(false);
    expect((await queue(unassigned)).rows).toEqual([]);
    expect((await queue(manager)).rows).toEqual([]);
    expect((await queue(unassigned)).freshness.connectedCount).toBe(0);
  });

  it('shows nothing foreign by its own predicate alone, with row-level security opened wide', async () => {
    const id = await addIncident(database, foreign, { severity: 'high' });
    await database.admin.query('CREATE POLICY wide ON incident FOR SELECT TO watchfold_web USING (true)');
    await database.admin.query('CREATE POLICY wide ON tenant FOR SELECT TO watchfold_web USING (true)');
    try {
      const page = await queue(analyst, { severity: 'high' });
      expect(page.rows.length).toBeGreaterThan(0);
      expect(page.rows.some(({ slug }) => slug === foreign.slug)).toBe(false);
      const shown = { rows: [{ slug: foreign.slug, id }], floor: null };
      const live = await readLiveQueue(analyst, filterOf({ severity: 'high' }), shown, INTERVAL_MS);
      if (!live.ok) throw new Error('Refused');
      expect(live.rows).toEqual([]);
      expect(live.arrivals.count).toBe(page.total.count);
    } finally {
      await database.admin.query('DROP POLICY wide ON incident; DROP POLICY wide ON tenant');
      await database.admin.query('DELETE FROM incident WHERE tenant_id = $1 AND id = $2', [foreign.tenantId, id]);
    }
  });

  it('refuses a foreign customer in the filter exactly as one that does not exist', async () => {
    const refusal = async (slug: string) => {
      const answer = await readQueue(analyst, filterOf({ customer: slug }), INTERVAL_MS);
      if (answer.ok) throw new Error('Not refused');
      return answer.problems.map((problem) => ({ ...problem, value: problem.value === slug }));
    };
    expect(await refusal(foreign.slug)).toEqual(await refusal('nobody'));
  });

  it.each<[SearchParams, (row: { severity: string; status: string; isOpen: boolean; slug: string }) => boolean]>([
    [{ severity: 'high,low' }, ({ severity }) => ['high', 'low'].includes(severity)],
    [{ severity: 'unknown' }, ({ severity }) => severity === 'unknownFutureValue'],
    [{ status: 'open' }, ({ isOpen }) => isOpen],
    [{ status: 'open,resolved' }, ({ isOpen, status }) => isOpen || status === 'resolved'],
    [{ status: 'inProgress' }, ({ status }) => status === 'inProgress'],
    [{ status: 'all', severity: 'medium' }, ({ severity }) => severity === 'medium'],
  ])('narrows by %j to exactly the rows that match', async (params, matches) => {
    const all: string[] = [];
    const narrowed: string[] = [];
    for (const [list, asked] of [
      [all, {}],
      [narrowed, params],
    ] as const) {
      let after: QueueFilter['after'] = null;
      do {
        const page: QueuePage = await queue(analyst, asked, after);
        list.push(...keysOf(asked === params ? page.rows : page.rows.filter(matches)));
        after = page.next;
      } while (after);
    }
    expect(narrowed).toEqual(all);
    expect(narrowed.length).toBeGreaterThan(0);
    expect((await queue(analyst, params)).total.count).toBe(narrowed.length);
  });

  it('narrows to one customer, rows and freshness alike', async () => {
    const page = await queue(analyst, { customer: fabrikam.slug });
    expect(new Set(page.rows.map(({ slug }) => slug))).toEqual(new Set([fabrikam.slug]));
    expect(page.freshness.connectedCount).toBe(1);
  });

  it('says which filter to drop when nothing matches', async () => {
    const quiet = await addCustomer(database, { displayName: 'Quiet' });
    await assign(database, { id: analyst.userId }, quiet);
    await addIncident(database, quiet, { severity: 'low', status: 'resolved' });
    const page = await queue(analyst, { customer: quiet.slug, severity: 'low', status: 'open' });
    expect(page.rows).toEqual([]);
    expect(page.nearest?.count).toBeGreaterThan(1);
    expect(page.nearest?.key).toBe('customer');
  });
});

describe('an open queue', () => {
  const live = async (page: QueuePage, params: SearchParams = {}): Promise<LiveQueue> => {
    const answer = await readLiveQueue(analyst, filterOf(params), { rows: page.rows, floor: page.next }, INTERVAL_MS);
    if (!answer.ok) throw new Error('Refused');
    return answer;
  };

  it('counts what a reload would add, also when it was committed late with an early arrival', async () => {
    const page = await queue(analyst);
    expect((await live(page)).arrivals).toEqual({ count: 0, highCount: 0, capped: false });
    const third = page.rows[2];
    if (!third) throw new Error('No rows');
    await addIncident(database, fabrikam, { severity: 'high' });
    await addIncident(database, woodgrove, { severity: 'low', arrivedAt: third.arrivedAt });
    await addIncident(database, foreign, { severity: 'high' });
    expect((await live(page)).arrivals).toEqual({ count: 2, highCount: 1, capped: false });
    expect((await live(await queue(analyst))).arrivals.count).toBe(0);
  });

  it('gives the shown rows’ values as they are now, and marks those that no longer match', async () => {
    const params = { status: 'open', customer: fabrikam.slug };
    const page = await queue(analyst, params);
    const [row] = page.rows;
    if (!row) throw new Error('No rows');
    await database.admin.query(
      `UPDATE incident SET status = 'resolved', is_open = false, assigned_to = 'soc@fabrikam' WHERE id = $1`,
      [row.id],
    );
    const now = (await live(page, params)).rows.find(({ id }) => id === row.id);
    expect(now).toMatchObject({ status: 'resolved', assignedTo: 'soc@fabrikam', matches: false });
  });

  it('leaves out rows that the reader may not see, even when asked for by name', async () => {
    const id = await addIncident(database, foreign);
    const answer = await readLiveQueue(
      analyst,
      filterOf({}),
      { rows: [{ slug: foreign.slug, id }], floor: null },
      INTERVAL_MS,
    );
    if (!answer.ok) throw new Error('Refused');
    expect(answer.rows).toEqual([]);
  });
});

describe('the header', () => {
  it('counts connected customers only and names those that are not current', async () => {
    const reader = await addUser(database, { roles: ['analyst'] });
    const made = [
      await addCustomer(database, { displayName: 'Current' }),
      await addCustomer(database, { displayName: 'Late', syncedAgoMs: 600_000 }),
      await addCustomer(database, { displayName: 'Gone', state: 'revoked', causeCode: 'REVOKED' }),
      await addCustomer(database, { displayName: 'Invited', state: 'invited' }),
      await addCustomer(database, { displayName: 'Filling' }),
    ];
    for (const customer of made) await assign(database, reader, customer);
    await database.admin.query(
      `UPDATE sync_state SET history_complete = false, last_complete_at = NULL, state = 'running' WHERE tenant_id = $1`,
      [made[4]?.tenantId],
    );
    await addIncident(database, made[4] ?? fabrikam);
    const page = await queue(actorOf(reader, ['analyst']));
    expect(page.freshness).toMatchObject({ currentCount: 1, connectedCount: 4 });
    expect(page.freshness.behind.map(({ customerName, state }) => [customerName, state])).toEqual([
      ['Gone', 'stopped'],
      ['Late', 'late'],
      ['Filling', 'reading'],
    ]);
    expect(page.readSoFar).toEqual({ [made[4]?.slug ?? '']: 1 });
  });
});

it('reads an alert’s count and the page size as promised', async () => {
  const id = await addIncident(database, fabrikam, { title: 'With an alert' });
  await addAlert(database, fabrikam, id);
  const page = await queue(analyst);
  expect(page.rows).toHaveLength(PAGE_SIZE);
  expect(page.rows[0]).toMatchObject({ title: 'With an alert', alertCount: 1, customerName: 'Fabrikam' });
});
