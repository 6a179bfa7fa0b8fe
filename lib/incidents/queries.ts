/**
 * What analysts read of incidents. Invariant: every query carries the tenants that the actor may read, and row-level
 * security works the same out for itself; taking one of the two away still shows nothing foreign.
 */
import type { Actor } from '@/lib/access/actor';
import { incidentTenantIds } from '@/lib/access/scope';
import { asActor, type Db, sql, sqlEmpty } from '@/lib/db/client';
import { type FreshnessSummary, freshnessOf } from '@/lib/freshness/queries';
import type { Cursor } from './cursor';
import { activeKeys, type FilterKey, type FilterProblem, type QueueFilter, without } from './filter';
import { conditionsOf, HIGH_RANK, pageKeys, rowsOf } from './queue-sql';
import type { RowKey } from './shown-rows';

export const PAGE_SIZE = 50;
/** Counting stops here; the page says "more than". */
export const COUNT_MAX = 1_000;

/** An incident as the queue shows it. Texts are as Microsoft sent them. */
export interface QueueRow {
  slug: string;
  id: string;
  title: string;
  customerName: string;
  severity: string;
  status: string;
  isOpen: boolean;
  assignedTo: string | null;
  serviceSources: string[];
  mitreTechniques: string[];
  alertCount: number;
  arrivedAt: Date;
  seq: bigint;
}

/** A number that stops at `COUNT_MAX`. */
export interface CappedCount {
  count: number;
  capped: boolean;
}

export interface VisibleTenant {
  tenantId: string;
  slug: string;
  customerName: string;
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

interface RowRecord {
  tenant_id: string;
  id: string;
  seq: bigint;
  title: string;
  severity: string;
  status: string;
  is_open: boolean;
  assigned_to: string | null;
  service_sources: string[] | null;
  mitre_techniques: string[] | null;
  alert_count: number;
  arrived_at: Date;
  slug: string;
  customer_name: string;
}

function rowFrom(record: RowRecord): QueueRow {
  return {
    slug: record.slug,
    id: record.id,
    title: record.title,
    customerName: record.customer_name,
    severity: record.severity,
    status: record.status,
    isOpen: record.is_open,
    assignedTo: record.assigned_to,
    serviceSources: record.service_sources ?? [],
    mitreTechniques: record.mitre_techniques ?? [],
    alertCount: record.alert_count,
    arrivedAt: record.arrived_at,
    seq: record.seq,
  };
}

async function visibleTenants(db: Db, actor: Actor): Promise<VisibleTenant[]> {
  const tenants = await db.tenant.findMany({
    where: { id: { in: await incidentTenantIds(db, actor) } },
    select: { id: true, slug: true, customer: { select: { displayName: true } } },
  });
  return tenants
    .map(({ id, slug, customer }) => ({ tenantId: id, slug, customerName: customer.displayName }))
    .sort((a, b) => a.customerName.localeCompare(b.customerName) || a.slug.localeCompare(b.slug));
}

function chosenAmong(
  tenants: VisibleTenant[],
  { customers }: QueueFilter,
): { chosen: VisibleTenant[]; problems: FilterProblem[] } {
  if (customers.length === 0) return { chosen: tenants, problems: [] };
  const bySlug = new Map(tenants.map((tenant) => [tenant.slug, tenant]));
  const unknown = customers.filter((slug) => !bySlug.has(slug));
  return {
    chosen: customers.flatMap((slug) => bySlug.get(slug) ?? []),
    problems: unknown.map((value) => ({ kind: 'unknownValue', key: 'customer', value })),
  };
}

const idsOf = (tenants: VisibleTenant[]) => tenants.map(({ tenantId }) => tenantId);

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

async function readSoFarOf(db: Db, { behind }: FreshnessSummary): Promise<Record<string, number>> {
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
