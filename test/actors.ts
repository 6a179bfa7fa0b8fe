import type { Actor } from '@/lib/access/actor';
import type { Role } from '@/lib/access/permissions';
import type { TestUser } from './people';

/** A person of the database as a signed-in actor with those roles. */
export function actorOf(user: TestUser, roles: Role[], more: Partial<Actor> = {}): Actor {
  return {
    userId: user.id,
    entraTenantId: user.entraTenantId,
    entraObjectId: user.entraObjectId,
    displayName: user.displayName,
    roles,
    seesAllCustomers: false,
    locale: null,
    address: '127.0.0.1',
    requestId: '00000000-0000-4000-8000-000000000000',
    ...more,
  };
}
