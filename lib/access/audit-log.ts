import { asActor } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import type { Actor } from './actor';
import { can } from './permissions';

export interface AuditRow {
  seq: string;
  at: Date;
  actorKind: string;
  actorName: string | null;
  action: string;
  customer: string | null;
  target: string | null;
  result: string;
  reason: string | null;
  requestId: string | null;
}

const PAGE_SIZE = 100;

/** One page of the audit log, newest first; `before` is the `seq` of the last row seen. */
export async function listAuditRows(
  actor: Actor,
  before: bigint | null,
): Promise<{ rows: AuditRow[]; hasMore: boolean }> {
  if (!can(actor, 'audit.read')) throw new AppError('forbidden', 'forbidden');
  return asActor(actor.userId, async (db) => {
    const events = await db.auditEvent.findMany({
      where: before === null ? {} : { seq: { lt: before } },
      orderBy: { seq: 'desc' },
      take: PAGE_SIZE + 1,
    });
    const page = events.slice(0, PAGE_SIZE);
    const tenantIds = [...new Set(page.flatMap(({ tenantId }) => tenantId ?? []))];
    const tenants = await db.tenant.findMany({ where: { id: { in: tenantIds } }, include: { customer: true } });
    const names = new Map(tenants.map((tenant) => [tenant.id, tenant.customer.displayName]));
    const rows = page.map((event) => ({
      seq: event.seq.toString(),
      at: event.at,
      actorKind: event.actorKind,
      actorName: event.actorName,
      action: event.action,
      customer: event.tenantId ? (names.get(event.tenantId) ?? null) : null,
      target: event.target,
      result: event.result,
      reason: event.reason,
      requestId: event.requestId,
    }));
    return { rows, hasMore: events.length > PAGE_SIZE };
  });
}
