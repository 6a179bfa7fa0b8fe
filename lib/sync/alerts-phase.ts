/** Reads the alerts of incidents that came without them, newest change first, as far as the budget goes. */
import { announceChange } from '@/lib/db/changes';
import { asTenantWorker } from '@/lib/db/client';
import { log } from '@/lib/log';
import type { CallBudget } from '@/lib/microsoft/budget';
import { causeCodeOf, isMicrosoftError, type MicrosoftError } from '@/lib/microsoft/errors';
import type { GraphSession, WireRecord } from '@/lib/microsoft/graph';
import { alertsFrom } from './alert-record';
import type { Run } from './state';
import { type AlertSet, assertFence, assertTheirs, quarantine, writeAlerts } from './store';

const BATCH = 50;
const PAGES_MAX = 20;
/** So many failures in a row say that Graph is in trouble, and not the incidents. */
const FAILURES_MAX = 3;
const RETRY_FAILED_MS = 15 * 60_000;

async function waitingIds({ tenantId }: Run['fence']): Promise<string[]> {
  const rows = await asTenantWorker(
    tenantId,
    (db) => db.$queryRaw<{ id: string }[]>`
      SELECT id FROM incident
      WHERE tenant_id = ${tenantId}::uuid AND (alerts_state = 'pending' OR (alerts_state = 'failed'
        AND alerts_failure <> 'QUARANTINED' AND read_at < clock_timestamp() - ${RETRY_FAILED_MS} * interval '1 ms'))
      ORDER BY alerts_state DESC, last_update_ticks DESC LIMIT ${BATCH}`,
  );
  return rows.map(({ id }) => id);
}

async function fetchAlerts(graph: GraphSession, incidentId: string): Promise<WireRecord[]> {
  const records: WireRecord[] = [];
  let page = await graph.alertsOf(incidentId);
  for (let pages = 1; ; pages++) {
    records.push(...page.records);
    const next = pages < PAGES_MAX ? await graph.listMore(page) : null;
    if (!next) return records;
    page = next;
  }
}

async function store(run: Run, set: AlertSet): Promise<void> {
  const { fence } = run;
  await asTenantWorker(fence.tenantId, async (db) => {
    await assertFence(db, fence);
    await quarantine(db, fence, set.rejectedAlerts);
    if (await writeAlerts(db, fence.tenantId, [set])) {
      await announceChange(db, { kind: 'incidents', tenantId: fence.tenantId });
    }
  });
}

/** Parks one incident (or all that wait) with the reason; tried again later, and whenever it changes. */
async function park(run: Run, error: MicrosoftError, incidentId: string | null): Promise<void> {
  const { fence } = run;
  await asTenantWorker(fence.tenantId, async (db) => {
    await assertFence(db, fence);
    await db.$executeRaw`
      UPDATE incident SET alerts_state = 'failed', alerts_failure = ${causeCodeOf(error)}, read_at = clock_timestamp()
      WHERE tenant_id = ${fence.tenantId}::uuid AND alerts_state <> 'complete'
        AND (${incidentId}::text IS NULL OR id = ${incidentId})`;
    await announceChange(db, { kind: 'incidents', tenantId: fence.tenantId });
  });
}

/** How far the reading of alerts may go. */
export interface AlertLimits {
  budget: CallBudget;
  /** Calls left untouched for the list. */
  keptCalls: number;
  /** End, by the monotonic clock. */
  untilMs: number;
}

/**
 * Returns when nothing waits or a limit is reached. Answers how long
 * Microsoft wants to be left alone, else zero: the list itself is complete, so a wait here fails nothing.
 */
export async function readAlerts(
  run: Run,
  graph: GraphSession,
  { budget, keptCalls, untilMs }: AlertLimits,
  signal: AbortSignal,
): Promise<number> {
  let failuresInARow = 0;
  for (const incidentId of await waitingIds(run.fence)) {
    signal.throwIfAborted();
    if (budget.left() <= keptCalls || performance.now() > untilMs) return 0;
    try {
      const judged = alertsFrom(await fetchAlerts(graph, incidentId), run.entraTenantId);
      await store(run, { incidentId, ...judged });
      assertTheirs(run.fence, judged.rejectedAlerts);
      failuresInARow = 0;
    } catch (error) {
      if (!isMicrosoftError(error) || error.kind === 'wrong_tenant') throw error;
      log.warn({ tenantId: run.fence.tenantId, incidentId, kind: error.kind }, 'Alerts could not be read');
      if (error.kind === 'throttled' || error.retryAfterMs !== null) return error.retryAfterMs ?? 0;
      if (error.kind === 'unreachable') return 0;
      if (error.kind === 'roles_missing') {
        await park(run, error, null);
        return 0;
      }
      failuresInARow++;
      await park(run, error, incidentId);
      if (failuresInARow >= FAILURES_MAX) return 0;
    }
  }
  return 0;
}
