import { joinSql, type Sql, sql, sqlEmpty } from '@/lib/db/client';
import type { Cursor } from './cursor';
import type { QueueFilter, Severity } from './filter';

const RANKS: Record<Severity, number> = { high: 4, medium: 3, low: 2, informational: 1, unknown: 0 };

/** The rank of `high`, which arrivals are counted apart for. */
export const HIGH_RANK = RANKS.high;

function severityClause({ severities }: QueueFilter): Sql {
  return severities.length ? sql`AND i.severity_rank IN (${joinSql(severities.map((each) => RANKS[each]))})` : sqlEmpty;
}

function statusClause({ statuses }: QueueFilter): Sql {
  if (statuses.length === 0 || statuses.includes('all')) return sqlEmpty;
  const named = statuses.filter((status) => status !== 'open');
  if (named.length === 0) return sql`AND i.is_open`;
  const among = sql`i.status IN (${joinSql(named)})`;
  return statuses.includes('open') ? sql`AND (i.is_open OR ${among})` : sql`AND ${among}`;
}

/** The filters as conditions on `i`, made of what is there, so that a plan can use an index for them. */
export function conditionsOf(filter: QueueFilter): Sql {
  return sql`${severityClause(filter)} ${statusClause(filter)}`;
}

function afterClause(after: Cursor | null): Sql {
  return after
    ? sql`AND (i.arrived_at, i.seq) < (${new Date(after.arrivedAtMs)}::timestamptz, ${after.seq})`
    : sqlEmpty;
}

const NEWEST_FIRST = sql`ORDER BY i.arrived_at DESC, i.seq DESC`;

/**
 * Keys of the newest rows, `limit` at most. For a reader of some tenants in two steps: only the `limit` tenants with the
 * newest head can contribute, so one row of each is probed and the lists of those are merged. The plain form walks the
 * index of all tenants, which is quick only for a reader of all of them.
 */
export function pageKeys(options: {
  tenantIds: string[];
  filter: QueueFilter;
  limit: number;
  everyTenant: boolean;
}): Sql {
  const { tenantIds, filter, limit, everyTenant } = options;
  const where = sql`${conditionsOf(filter)} ${afterClause(filter.after)}`;
  if (everyTenant) {
    return sql`
      SELECT i.tenant_id, i.id, i.arrived_at, i.seq FROM incident i
      WHERE i.tenant_id = ANY (${tenantIds}::uuid[]) ${where} ${NEWEST_FIRST} LIMIT ${limit}`;
  }
  return sql`
    SELECT i.tenant_id, i.id, i.arrived_at, i.seq FROM (
      SELECT t.tenant_id FROM unnest(${tenantIds}::uuid[]) AS t (tenant_id)
      CROSS JOIN LATERAL (
        SELECT i.arrived_at, i.seq FROM incident i
        WHERE i.tenant_id = t.tenant_id ${where} ${NEWEST_FIRST} LIMIT 1) i
      ${NEWEST_FIRST} LIMIT ${limit}) heads
    CROSS JOIN LATERAL (
      SELECT i.tenant_id, i.id, i.arrived_at, i.seq FROM incident i
      WHERE i.tenant_id = heads.tenant_id ${where} ${NEWEST_FIRST} LIMIT ${limit}) i
    ${NEWEST_FIRST} LIMIT ${limit}`;
}

/** The columns that the queue shows of an incident, for the keys in `keys`. */
export function rowsOf(keys: Sql): Sql {
  return sql`
    WITH keys AS MATERIALIZED (${keys})
    SELECT i.tenant_id, i.id, i.seq, i.title, i.severity, i.status, i.is_open, i.assigned_to, i.service_sources,
      i.mitre_techniques, i.alert_count, i.arrived_at, t.slug, c.display_name AS customer_name
    FROM keys
    JOIN incident i ON i.tenant_id = keys.tenant_id AND i.id = keys.id
    JOIN tenant t ON t.id = i.tenant_id
    JOIN customer c ON c.id = t.customer_id
    ORDER BY keys.arrived_at DESC, keys.seq DESC`;
}
