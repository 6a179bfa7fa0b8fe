/**
 * The record of who did what. A row is written in the transaction of the act itself: if it can't be written, the act
 * does not happen. Rows are never read back here, changed or removed.
 */
import type { Db } from '@/lib/db/client';

export type AuditAction =
  | 'session.sign_in'
  | 'session.sign_out'
  | 'setup.claim'
  | 'user.change_roles'
  | 'user.change_status'
  | 'assignment.change'
  | 'partner.change'
  | 'credential.seal'
  | 'customer.add'
  | 'invitation.create'
  | 'invitation.revoke'
  | 'invitation.decline'
  | 'consent.continue'
  | 'consent.return'
  | 'connection.check'
  | 'connection.prove'
  | 'connection.revoke'
  | 'incident.read';

export type AuditResult = 'ok' | 'refused' | 'failed';

/** Who acted: a signed-in person, a visitor holding a customer's link, the worker, or somebody at the server's shell. */
export type AuditActor =
  | {
      kind: 'user';
      entraTenantId: string;
      objectId: string;
      name: string;
      address?: string | null;
      requestId?: string | null;
    }
  | { kind: 'visitor'; address?: string | null; requestId?: string | null }
  | { kind: 'worker' }
  | { kind: 'operator' };

export interface AuditEntry {
  actor: AuditActor;
  action: AuditAction;
  result: AuditResult;
  /** Our tenant id; absent for acts that concern none. */
  tenantId?: string | null;
  /** Id or name of what was acted on. */
  target?: string | null;
  /** A code or short words; for a refusal, why. */
  reason?: string | null;
}

/** Adds one row to the audit log, in the caller's transaction. */
export async function recordAudit(db: Db, entry: AuditEntry): Promise<void> {
  const { actor } = entry;
  // createMany, because the writer may not read the table and `create` reads its row back.
  await db.auditEvent.createMany({
    data: [
      {
        actorKind: actor.kind,
        actorEntraTenantId: actor.kind === 'user' ? actor.entraTenantId : null,
        actorObjectId: actor.kind === 'user' ? actor.objectId : null,
        actorName: actor.kind === 'user' ? actor.name : null,
        address: 'address' in actor ? (actor.address ?? null) : null,
        requestId: 'requestId' in actor ? (actor.requestId ?? null) : null,
        action: entry.action,
        result: entry.result,
        tenantId: entry.tenantId ?? null,
        target: entry.target ?? null,
        reason: entry.reason ?? null,
      },
    ],
  });
}
