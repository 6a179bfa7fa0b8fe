import type { Actor } from '@/lib/access/actor';
import { customerTenantIds, incidentTenantIds } from '@/lib/access/scope';
import { type Change, onChange } from '@/lib/db/changes';
import { asActor } from '@/lib/db/client';
import { log } from '@/lib/log';

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

const RESCOPE_EVERY_MS = 5_000;

/**
 * Tells `listener` of changes in tenants that the actor may see. After the database connection was lost, what was
 * missed is unknown, so every kind is told.
 */
export async function watchChanges(actor: Actor, listener: (kind: LiveKind) => void): Promise<Watch> {
  let current = actor;
  let scope = await scopeOf(actor);
  let rescopedAt = performance.now();
  let isStopped = false;
  const isSeen = (kind: LiveKind, tenantId: string) =>
    kind === 'incidents' ? scope.incidents.has(tenantId) : scope.customers.has(tenantId);
  const rescope = async () => {
    rescopedAt = performance.now();
    scope = await scopeOf(current);
  };
  const stop = onChange('web', (change) => {
    if (change === 'reconnected') {
      for (const kind of ['incidents', 'freshness', 'connection'] as const) listener(kind);
      return;
    }
    const { kind, tenantId } = change;
    if (!isLiveKind(kind) || tenantId === undefined) return;
    if (isSeen(kind, tenantId)) {
      listener(kind);
      return;
    }
    // Perhaps a tenant that was added or assigned since; not worth a look for each of the many that are simply foreign.
    if (performance.now() - rescopedAt < RESCOPE_EVERY_MS) return;
    void rescope()
      .then(() => !isStopped && isSeen(kind, tenantId) && listener(kind))
      .catch((error: unknown) =>
        log.warn({ reason: (error as Error).message }, 'Rights could not be read for a stream'),
      );
  });
  return {
    async refresh(asOfNow) {
      current = asOfNow;
      await rescope();
    },
    stop() {
      isStopped = true;
      stop();
    },
  };
}
