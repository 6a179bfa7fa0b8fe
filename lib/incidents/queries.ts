/**
 * What analysts read of incidents. Invariant: every query carries the tenants that the actor may read, and row-level
 * security works the same out for itself; taking one of the two away still shows nothing foreign.
 */
import type { Actor } from '@/lib/access/actor';
import { asActor, type Db } from '@/lib/db/client';
import { type FreshnessSummary, freshnessOf } from '@/lib/freshness/queries';
import type { Cursor } from './cursor';
import { activeKeys, type FilterKey, type FilterProblem, type QueueFilter, without } from './filter';
import { conditionsOf, pageKeys, rowsOf } from './queue-sql';
import { type QueueRow, type RowRecord, rowFrom } from './rows';
import { chosenAmong, idsOf, type VisibleTenant, visibleTenants } from './visible-tenants';

export const PAGE_SIZE = 50;
/** Counting stops here; the page says "more than". */
export const COUNT_MAX = 1_000;

/** A number that stops at `COUNT_MAX`. */
export interface CappedCount {
  count: number;
  capped: boolean;
}

export interface QueuePage {
  ok: true;
  rows: QueueRow[];
  /** Where the next page starts; null at the end. */
  next: Cursor | null;
  total: CappedCount;
  freshness: FreshnessSummary;
  /** Every tenant that the reader may see, for the filter. */
  tenants: VisibleTenant[];
  /** How much was read so far of tenants that still read their history, by slug. */
  readSoFar: Record<string, number>;
  /** When nothing matches: how many would without one filter, the best such one. */
  nearest: (CappedCount & { key: FilterKey; filter: QueueFilter }) | null;
}

/** A filter that names a customer who does not exist for this reader; nothing was read. */
export interface RefusedQueue {
  ok: false;
  problems: FilterProblem[];
  tenants: VisibleTenant[];
}

async function countOf(db: Db, tenantIds: string[], filter: QueueFilter): Promise<CappedCount> {
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM (
      SELECT FROM incident i WHERE i.tenant_id = ANY (${tenantIds}::uuid[]) ${conditionsOf(filter)}
      LIMIT ${COUNT_MAX + 1}) AS counted`;
  const count = Number(row?.count ?? 0);
  return { count: Math.min(count, COUNT_MAX), capped: count > COUNT_MAX };
}

async function nearestOf(db: Db, tenants: VisibleTenant[], filter: QueueFilter): Promise<QueuePage['nearest']> {
  let best: QueuePage['nearest'] = null;
  for (const key of activeKeys(filter)) {
    const wider = without(filter, key);
    const counted = await countOf(db, idsOf(chosenAmong(tenants, wider).chosen), wider);
    if (counted.count > (best?.count ?? 0)) best = { ...counted, key, filter: wider };
  }
  return best;
}

/** How much was read so far of the tenants that still read their history, by slug. */
export async function readSoFarOf(db: Db, { behind }: FreshnessSummary): Promise<Record<string, number>> {
  const reading = behind.filter(({ state }) => state === 'reading');
  if (reading.length === 0) return {};
  const rows = await db.incident.groupBy({
    by: ['tenantId'],
    where: { tenantId: { in: reading.map(({ tenantId }) => tenantId) } },
    _count: true,
  });
  const counts = new Map(rows.map((row) => [row.tenantId, row._count]));
  return Object.fromEntries(reading.map(({ tenantId, slug }) => [slug, counts.get(tenantId) ?? 0]));
}

/** One page of the queue with all that its header says, as of one transaction. */
export function readQueue(actor: Actor, filter: QueueFilter, intervalMs: number): Promise<QueuePage | RefusedQueue> {
  return asActor(actor.userId, async (db) => {
    const tenants = await visibleTenants(db, actor);
    const { chosen, problems } = chosenAmong(tenants, filter);
    if (problems.length > 0) return { ok: false, problems, tenants };
    const tenantIds = idsOf(chosen);
    const freshness = await freshnessOf(db, tenantIds, intervalMs);
    const everyTenant = actor.seesAllCustomers && filter.customers.length === 0;
    const keys = pageKeys({ tenantIds, filter, limit: PAGE_SIZE + 1, everyTenant });
    const found = (await db.$queryRaw<RowRecord[]>(rowsOf(keys))).map(rowFrom);
    const rows = found.slice(0, PAGE_SIZE);
    const last = rows.at(-1);
    const total = await countOf(db, tenantIds, filter);
    return {
      ok: true,
      rows,
      next: found.length > PAGE_SIZE && last ? { arrivedAtMs: last.arrivedAt.getTime(), seq: last.seq } : null,
      total,
      freshness,
      tenants,
      readSoFar: await readSoFarOf(db, freshness),
      nearest: total.count === 0 ? await nearestOf(db, tenants, filter) : null,
    };
  });
}
