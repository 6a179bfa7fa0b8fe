/** The life of one run in `sync_state`. All times are the database's. */
import 'server-only';
import { announceChange } from '@/lib/db/changes';
import { asTenantWorker, asWorker, type Db } from '@/lib/db/client';
import { textOfTicks } from '@/lib/ticks';
import type { Progress } from './cursor';
import { assertFence, type Fence } from './store';

/** A run that shows no sign of life for this long may be started again. */
const LEASE_MS = 45_000;

export interface Run {
  fence: Fence;
  entraTenantId: string;
  registrationId: string;
  progress: Progress;
  historyComplete: boolean;
  failures: number;
  causeCode: string | null;
}

interface ClaimedRow {
  token: bigint;
  cursorTicks: bigint | null;
  newestChangeTicks: bigint | null;
  historyComplete: boolean;
  failures: number;
  causeCode: string | null;
  isRoundComplete: boolean;
  idleMs: number | null;
  nowTicks: bigint;
  entraTenantId: string;
  registrationId: string;
}

/** Takes a due stream and a new fencing token; null when it is not due or the tenant is not connected. */
export async function claimRun(tenantId: string, stream: string): Promise<Run | null> {
  return asTenantWorker(tenantId, async (db) => {
    const [row] = await db.$queryRaw<ClaimedRow[]>`
      WITH before AS (
        SELECT s.*, t.entra_tenant_id, c.registration_id FROM sync_state s
        JOIN tenant t ON t.id = s.tenant_id
        JOIN connection c ON c.tenant_id = s.tenant_id AND c.state IN ('verified', 'degraded')
        JOIN registration r ON r.id = c.registration_id AND r.tier = 'read'
        WHERE s.tenant_id = ${tenantId}::uuid AND s.stream = ${stream} AND s.due_at <= clock_timestamp()
        FOR UPDATE OF s
      )
      UPDATE sync_state s SET fencing_token = s.fencing_token + 1, state = 'running',
        attempt_started_at = clock_timestamp(), due_at = clock_timestamp() + ${LEASE_MS} * interval '1 ms',
        updated_at = clock_timestamp()
      FROM before b
      WHERE s.tenant_id = b.tenant_id AND s.stream = b.stream
      RETURNING s.fencing_token AS token, s.cursor_ticks AS "cursorTicks", s.newest_change_ticks AS "newestChangeTicks",
        s.history_complete AS "historyComplete", s.failures, s.cause_code AS "causeCode",
        coalesce(b.last_complete_at >= b.attempt_started_at, false) AS "isRoundComplete",
        (extract(epoch FROM clock_timestamp() - b.attempt_ended_at) * 1000)::float8 AS "idleMs",
        (extract(epoch FROM clock_timestamp()) * 10000000)::bigint AS "nowTicks",
        b.entra_tenant_id::text AS "entraTenantId", b.registration_id::text AS "registrationId"`;
    if (!row) {
      // Due, but not connected (any more): the next proof switches the stream on again.
      await db.$executeRaw`
        UPDATE sync_state s SET due_at = NULL WHERE s.tenant_id = ${tenantId}::uuid AND s.stream = ${stream}
          AND s.due_at <= clock_timestamp()`;
      return null;
    }
    const { token, entraTenantId, registrationId, historyComplete, failures, causeCode, ...progress } = row;
    const fence = { tenantId, stream, token };
    return { fence, entraTenantId, registrationId, progress, historyComplete, failures, causeCode };
  });
}

/** Moves the position, with the page that justifies it, and shows a sign of life. */
export async function writePosition(
  db: Db,
  fence: Fence,
  cursorTicks: bigint | null,
  newestChangeTicks: bigint | null,
): Promise<void> {
  const cursorText = cursorTicks === null ? null : textOfTicks(cursorTicks);
  await db.$executeRaw`
    UPDATE sync_state SET cursor_ticks = ${cursorTicks}, cursor_text = ${cursorText},
      newest_change_ticks = ${newestChangeTicks}, due_at = clock_timestamp() + ${LEASE_MS} * interval '1 ms',
      updated_at = clock_timestamp()
    WHERE tenant_id = ${fence.tenantId}::uuid AND stream = ${fence.stream} AND fencing_token = ${fence.token}`;
}

/** The whole list was read: from this moment the tenant is current. */
export async function markRoundComplete(fence: Fence): Promise<void> {
  await asTenantWorker(fence.tenantId, async (db) => {
    await assertFence(db, fence);
    await db.$executeRaw`
      UPDATE sync_state SET last_complete_at = clock_timestamp(), history_complete = true, cause_code = NULL,
        cause_detail = NULL, failures = 0, updated_at = clock_timestamp()
      WHERE tenant_id = ${fence.tenantId}::uuid AND stream = ${fence.stream}`;
    await announceChange(db, { kind: 'freshness', tenantId: fence.tenantId });
  });
}

/** How a run ended, and when the next is due. */
export interface RunEnd {
  state: 'complete' | 'waiting' | 'failing';
  causeCode: string | null;
  causeDetail: string | null;
  failures: number;
  dueInMs: number;
}

/** Writes a run's end, unless another run has taken over. */
export async function endRun(fence: Fence, end: RunEnd): Promise<void> {
  await asTenantWorker(fence.tenantId, async (db) => {
    const written = await db.$executeRaw`
      UPDATE sync_state SET state = ${end.state}, cause_code = ${end.causeCode}, cause_detail = ${end.causeDetail},
        failures = ${end.failures}, attempt_ended_at = clock_timestamp(),
        due_at = clock_timestamp() + ${end.dueInMs}::float8 * interval '1 ms', updated_at = clock_timestamp()
      WHERE tenant_id = ${fence.tenantId}::uuid AND stream = ${fence.stream} AND fencing_token = ${fence.token}`;
    if (written > 0) await announceChange(db, { kind: 'freshness', tenantId: fence.tenantId });
  });
}

/** Has the grant looked at now: a token says that it may be gone. */
export async function askForLook(tenantId: string, registrationId: string): Promise<void> {
  await asTenantWorker(tenantId, async (db) => {
    await db.$executeRaw`
      UPDATE connection SET proof_due_at = clock_timestamp()
      WHERE tenant_id = ${tenantId}::uuid AND registration_id = ${registrationId}::uuid AND state <> 'offboarded'`;
    await announceChange(db, { kind: 'work', tenantId });
  });
}

/** One thing that is due, of any tenant. */
export interface DueWork {
  work: 'prove' | 'sync';
  tenantId: string;
  registrationId: string | null;
  stream: string | null;
}

/** Names what is due now, the longest overdue first of each kind. */
export async function dueWork(most: number): Promise<DueWork[]> {
  return asWorker(
    (db) => db.$queryRaw<DueWork[]>`
      SELECT work, tenant_id::text AS "tenantId", registration_id::text AS "registrationId", stream
      FROM worker_due(${most}::integer)`,
  );
}
