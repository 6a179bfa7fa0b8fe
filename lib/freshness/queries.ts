import type { Db } from '@/lib/db/client';
import { type FreshnessState, judgeFreshness } from './judge';

/** One tenant that is not current. */
export interface BehindTenant {
  tenantId: string;
  slug: string;
  customerName: string;
  state: Exclude<FreshnessState, 'current'>;
  cause: string | null;
  /** When a complete read last ended; null when none did. */
  lastCompleteAt: Date | null;
}

/** How complete a list over some tenants is. A customer counts as current when each of its connected tenants is. */
export interface FreshnessSummary {
  /** The database's clock when it was asked. */
  asOf: Date;
  currentCount: number;
  connectedCount: number;
  /** Stopped first, then the latest, then those still reading their history. */
  behind: BehindTenant[];
}

interface Row {
  tenant_id: string;
  slug: string;
  customer_id: string;
  customer_name: string;
  connection_state: string;
  connection_cause: string | null;
  history_complete: boolean | null;
  sync_state: string | null;
  sync_cause: string | null;
  attempt_started_at: Date | null;
  attempt_ended_at: Date | null;
  last_complete_at: Date | null;
  due_at: Date | null;
}

const ORDER: Record<BehindTenant['state'], number> = { stopped: 0, late: 1, reading: 2 };

function byUrgency(a: BehindTenant, b: BehindTenant): number {
  return (
    ORDER[a.state] - ORDER[b.state] ||
    (a.lastCompleteAt?.getTime() ?? 0) - (b.lastCompleteAt?.getTime() ?? 0) ||
    a.customerName.localeCompare(b.customerName)
  );
}

/** The database's clock: ages are told by it, never by a web server's. */
export async function databaseNow(db: Db): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp()::timestamptz(3) AS now`;
  if (!row) throw new Error('The database did not tell the time');
  return row.now;
}

/**
 * Freshness over those of `tenantIds` that are or were connected (invited and consented ones have nothing to be late
 * with). A tenant with several grants is stopped only when the last of them is gone.
 */
export async function freshnessOf(db: Db, tenantIds: string[], intervalMs: number): Promise<FreshnessSummary> {
  const asOf = await databaseNow(db);
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id AS tenant_id, t.slug, t.customer_id, c.display_name AS customer_name,
      n.state AS connection_state, n.cause_code AS connection_cause,
      s.history_complete, s.state AS sync_state, s.cause_code AS sync_cause,
      s.attempt_started_at, s.attempt_ended_at, s.last_complete_at, s.due_at
    FROM tenant t
    JOIN customer c ON c.id = t.customer_id
    CROSS JOIN LATERAL (
      SELECT state, cause_code FROM connection
      WHERE tenant_id = t.id AND state IN ('verified', 'degraded', 'revoked')
      ORDER BY (state = 'revoked'), verified_at DESC NULLS LAST LIMIT 1) n
    LEFT JOIN sync_state s ON s.tenant_id = t.id AND s.stream = 'incidents'
    WHERE t.id = ANY (${tenantIds}::uuid[])`;
  const customers = new Set<string>();
  const customersBehind = new Set<string>();
  const behind: BehindTenant[] = [];
  for (const row of rows) {
    customers.add(row.customer_id);
    const judged = judgeFreshness(
      {
        connectionState: row.connection_state,
        connectionCause: row.connection_cause,
        historyComplete: row.history_complete ?? false,
        syncState: row.sync_state ?? 'waiting',
        syncCause: row.sync_cause,
        attemptStartedAt: row.attempt_started_at,
        attemptEndedAt: row.attempt_ended_at,
        lastCompleteAt: row.last_complete_at,
        dueAt: row.due_at,
      },
      asOf,
      intervalMs,
    );
    if (judged.state === 'current') continue;
    customersBehind.add(row.customer_id);
    behind.push({
      tenantId: row.tenant_id,
      slug: row.slug,
      customerName: row.customer_name,
      state: judged.state,
      cause: judged.cause,
      lastCompleteAt: row.last_complete_at,
    });
  }
  return {
    asOf,
    currentCount: customers.size - customersBehind.size,
    connectedCount: customers.size,
    behind: behind.sort(byUrgency),
  };
}
