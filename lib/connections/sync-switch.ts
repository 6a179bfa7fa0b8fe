import { announceChange } from '@/lib/db/changes';
import type { Db } from '@/lib/db/client';

/** The stream that every connected tenant has. */
export const INCIDENTS_STREAM = 'incidents';

/** Has the tenant's incidents read from now on, continuing where an earlier time left off. */
export async function startSync(db: Db, tenantId: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sync_state (tenant_id, stream, state, due_at)
    VALUES (${tenantId}::uuid, ${INCIDENTS_STREAM}, 'waiting', clock_timestamp())
    ON CONFLICT (tenant_id, stream) DO UPDATE SET due_at = clock_timestamp(), updated_at = clock_timestamp(),
      state = CASE WHEN sync_state.cause_code IS NULL THEN sync_state.state ELSE 'waiting' END, cause_code = NULL,
      cause_detail = NULL, failures = 0`;
  await announceChange(db, { kind: 'freshness', tenantId });
  await announceChange(db, { kind: 'work', tenantId });
}

/** Ends the reading at once: a run that is under way may write no more. */
export async function stopSync(db: Db, tenantId: string, causeCode: string): Promise<void> {
  await db.$executeRaw`
    UPDATE sync_state SET due_at = NULL, state = 'failing', cause_code = ${causeCode}, cause_detail = NULL,
      fencing_token = fencing_token + 1, attempt_ended_at = clock_timestamp(), updated_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND stream = ${INCIDENTS_STREAM}`;
  await announceChange(db, { kind: 'freshness', tenantId });
}
