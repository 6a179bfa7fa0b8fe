import { type Actor, auditActorOf } from '@/lib/access/actor';
import { incidentTenantIds } from '@/lib/access/scope';
import { recordAudit } from '@/lib/audit/events';
import { asActor, type Db } from '@/lib/db/client';
import { type FreshnessSummary, freshnessOf } from '@/lib/freshness/queries';
import {
  ALERTS_SHOWN,
  type Alert,
  findFacts,
  findRaw,
  type IncidentFacts,
  type IncidentTenant,
  listAlerts,
  listRawAlerts,
  type RawAlert,
  survivorOf,
} from './detail';
import { isRowKey } from './shown-rows';

export interface IncidentRequest {
  slug: string;
  id: string;
  allAlerts: boolean;
  /** The alerts' records too; the incident's own always comes. */
  withRawAlerts: boolean;
  /** Show a merged incident itself instead of the one it was merged into. */
  evenIfMerged: boolean;
}

export interface OpenedIncident {
  kind: 'opened';
  tenant: IncidentTenant;
  facts: IncidentFacts;
  alerts: Alert[];
  /** The incident that this one was merged into, if it was and we hold it. */
  survivorId: string | null;
  /** As Microsoft sent it; null when it was not kept. */
  raw: string | null;
  rawAlerts: RawAlert[] | null;
  freshness: FreshnessSummary;
}

export interface MergedIncident {
  kind: 'merged';
  survivorId: string;
}

const ALERTS_MAX = 1_000;

async function findTenant(db: Db, actor: Actor, slug: string): Promise<IncidentTenant | null> {
  const tenant = await db.tenant.findFirst({
    where: { slug, id: { in: await incidentTenantIds(db, actor) } },
    select: { id: true, slug: true, entraTenantId: true, customer: { select: { displayName: true } } },
  });
  if (!tenant) return null;
  return {
    tenantId: tenant.id,
    slug: tenant.slug,
    entraTenantId: tenant.entraTenantId,
    customerName: tenant.customer.displayName,
  };
}

/**
 * Opens an incident for reading, which is an act: its audit row is written in the same transaction, or nothing is read.
 * Null when there is no such incident or it is not the actor's, without a difference between the two.
 */
export async function openIncident(
  actor: Actor,
  request: IncidentRequest,
  intervalMs: number,
): Promise<OpenedIncident | MergedIncident | null> {
  const { slug, id } = request;
  if (!isRowKey({ slug, id })) return null;
  return asActor(actor.userId, async (db) => {
    const tenant = await findTenant(db, actor, slug);
    if (!tenant) return null;
    const facts = await findFacts(db, tenant.tenantId, id);
    if (!facts) return null;
    const survivorId = facts.redirectIncidentId === null ? null : await survivorOf(db, tenant.tenantId, id);
    if (survivorId !== null && !request.evenIfMerged) return { kind: 'merged', survivorId };
    await recordAudit(db, {
      actor: auditActorOf(actor),
      action: 'incident.read',
      result: 'ok',
      tenantId: tenant.tenantId,
      target: id,
    });
    const limit = request.allAlerts ? ALERTS_MAX : ALERTS_SHOWN;
    return {
      kind: 'opened',
      tenant,
      facts,
      survivorId,
      alerts: await listAlerts(db, tenant.tenantId, id, limit),
      raw: await findRaw(db, tenant.tenantId, id),
      rawAlerts: request.withRawAlerts ? await listRawAlerts(db, tenant.tenantId, id, limit) : null,
      freshness: await freshnessOf(db, [tenant.tenantId], intervalMs),
    };
  });
}
