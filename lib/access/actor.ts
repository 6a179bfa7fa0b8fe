import type { AuditActor } from '@/lib/audit/events';
import type { Role } from './permissions';

/** The signed-in person on whose behalf a request acts. */
export interface Actor {
  userId: string;
  entraTenantId: string;
  entraObjectId: string;
  displayName: string;
  roles: Role[];
  /** An analyst of every customer, present and future. */
  seesAllCustomers: boolean;
  locale: string | null;
  /** Where the request came from, as the nearest proxy or the socket says; null when unknown. */
  address: string | null;
  requestId: string;
}

/** The actor as the audit log names them. */
export function auditActorOf(actor: Actor): AuditActor {
  return {
    kind: 'user',
    entraTenantId: actor.entraTenantId,
    objectId: actor.entraObjectId,
    name: actor.displayName,
    address: actor.address,
    requestId: actor.requestId,
  };
}
