import type { Actor } from '@/lib/access/actor';
import { customerTenantIds, incidentTenantIds } from '@/lib/access/scope';
import { type Change, onChange } from '@/lib/db/changes';
import { asActor } from '@/lib/db/client';

/** What a browser is told: that something of this kind changed. What it is, the browser asks under its own rights. */
export type LiveKind = 'incidents' | 'freshness' | 'connection';

interface Scope {
  incidents: Set<string>;
  customers: Set<string>;
}

async function scopeOf(actor: Actor): Promise<Scope> {
  return asActor(actor.userId, async (db) => ({
    incidents: new Set(await incidentTenantIds(db, actor)),
    customers: new Set(await customerTenantIds(db, actor)),
  }));
}

function isLiveKind(kind: Change['kind']): kind is LiveKind {
  return kind === 'incidents' || kind === 'freshness' || kind === 'connection';
}

export interface Watch {
  /** Reads the actor's rights anew; the actor may have lost or won customers. */
  refresh(actor: Actor): Promise<void>;
  stop(): void;
}

/**
 * Tells `listener` of changes in tenants that the actor may see. After the database connection was lost, what was
 * missed is unknown, so every kind is told.
 */
export async function watchChanges(actor: Actor, listener: (kind: LiveKind) => void): Promise<Watch> {
  let scope = await scopeOf(actor);
  const stop = onChange('web', (change) => {
    if (change === 'reconnected') {
      for (const kind of ['incidents', 'freshness', 'connection'] as const) listener(kind);
      return;
    }
    const { kind, tenantId } = change;
    if (!isLiveKind(kind) || tenantId === undefined) return;
    // A tenant that was added after the rights were read is unknown here for up to a minute; a look then finds nothing
    // foreign, so those who oversee every customer are told of it at once.
    const mayLook = kind === 'incidents' ? scope.incidents.has(tenantId) : scope.customers.has(tenantId);
    if (mayLook || actor.seesAllCustomers) listener(kind);
  });
  return {
    async refresh(current) {
      scope = await scopeOf(current);
    },
    stop,
  };
}
