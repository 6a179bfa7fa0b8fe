import type { Actor } from '@/lib/access/actor';
import { asActor, type Db, sql, sqlEmpty } from '@/lib/db/client';
import { type FreshnessSummary, freshnessOf } from '@/lib/freshness/queries';
import type { Cursor } from './cursor';
import type { QueueFilter } from './filter';
import { COUNT_MAX, type RefusedQueue, readSoFarOf } from './queries';
import { conditionsOf, HIGH_RANK, rowsOf } from './queue-sql';
import { type QueueRow, type RowRecord, rowFrom } from './rows';
import type { RowKey } from './shown-rows';
import { chosenAmong, idsOf, visibleTenants } from './visible-tenants';

export interface LiveQueue {
  ok: true;
  freshness: FreshnessSummary;
  readSoFar: Record<string, number>;
  /** What a reload would add: matching incidents above `floor` that the browser does not show. */
  arrivals: { count: number; highCount: number; capped: boolean };
  /** The shown rows as they are now; rows that are gone or out of reach are missing. */
  rows: (QueueRow & { matches: boolean })[];
}

/**
 * What changed since a page was made: freshness now, arrivals that it does not show, and the shown rows' values. `floor`
 * is the page's last row when it was full: arrivals may commit out of order, so "newer than the first" would miss some.
 */
export function readLiveQueue(
  actor: Actor,
  filter: QueueFilter,
  shown: { rows: RowKey[]; floor: Cursor | null },
  intervalMs: number,
): Promise<LiveQueue | RefusedQueue> {
  return asActor(actor.userId, async (db) => {
    const tenants = await visibleTenants(db, actor);
    const { chosen, problems } = chosenAmong(tenants, filter);
    if (problems.length > 0) return { ok: false, problems, tenants };
    const tenantIds = idsOf(chosen);
    const idBySlug = new Map(tenants.map(({ slug, tenantId }) => [slug, tenantId]));
    const keys = shown.rows.flatMap(({ slug, id }) => {
      const tenantId = idBySlug.get(slug);
      return tenantId ? [{ tenantId, id }] : [];
    });
    const freshness = await freshnessOf(db, tenantIds, intervalMs);
    return {
      ok: true,
      freshness,
      readSoFar: await readSoFarOf(db, freshness),
      arrivals: await arrivalsOf(db, { tenantIds, filter, keys, floor: shown.floor }),
      rows: await currentRows(db, { tenantIds, filter, keys }),
    };
  });
}

interface ShownKeys {
  tenantIds: string[];
  filter: QueueFilter;
  keys: { tenantId: string; id: string }[];
}

function pairs(keys: ShownKeys['keys']) {
  return sql`SELECT * FROM unnest(${keys.map((key) => key.tenantId)}::uuid[], ${keys.map((key) => key.id)}::text[])
    AS shown (tenant_id, id)`;
}

async function arrivalsOf(
  db: Db,
  { tenantIds, filter, keys, floor }: ShownKeys & { floor: Cursor | null },
): Promise<LiveQueue['arrivals']> {
  const above = floor
    ? sql`AND (i.arrived_at, i.seq) > (${new Date(floor.arrivedAtMs)}::timestamptz, ${floor.seq})`
    : sqlEmpty;
  const [row] = await db.$queryRaw<{ count: bigint; high: bigint }[]>`
    WITH shown AS MATERIALIZED (${pairs(keys)})
    SELECT count(*) AS count, count(*) FILTER (WHERE severity_rank = ${HIGH_RANK}) AS high FROM (
      SELECT i.severity_rank FROM incident i
      WHERE i.tenant_id = ANY (${tenantIds}::uuid[]) ${conditionsOf(filter)} ${above}
        AND NOT EXISTS (SELECT FROM shown s WHERE s.tenant_id = i.tenant_id AND s.id = i.id)
      LIMIT ${COUNT_MAX + 1}) AS counted`;
  const count = Number(row?.count ?? 0);
  return { count: Math.min(count, COUNT_MAX), highCount: Number(row?.high ?? 0), capped: count > COUNT_MAX };
}

async function currentRows(db: Db, { tenantIds, filter, keys }: ShownKeys): Promise<LiveQueue['rows']> {
  if (keys.length === 0) return [];
  const shown = sql`
    SELECT i.tenant_id, i.id, i.arrived_at, i.seq FROM incident i JOIN (${pairs(keys)}) s
      ON s.tenant_id = i.tenant_id AND s.id = i.id`;
  const records = await db.$queryRaw<RowRecord[]>(rowsOf(shown));
  const matching = await db.$queryRaw<{ tenant_id: string; id: string }[]>`
    SELECT i.tenant_id, i.id FROM incident i JOIN (${pairs(keys)}) s ON s.tenant_id = i.tenant_id AND s.id = i.id
    WHERE i.tenant_id = ANY (${tenantIds}::uuid[]) ${conditionsOf(filter)}`;
  const matches = new Set(matching.map((row) => `${row.tenant_id} ${row.id}`));
  return records.map((record) => ({ ...rowFrom(record), matches: matches.has(`${record.tenant_id} ${record.id}`) }));
}
