import type { Db } from '@/lib/db/client';
import type { Actor } from './actor';
import { can } from './permissions';

async function tenantIds(db: Db, actor: Actor, isEvery: boolean): Promise<string[]> {
  const tenants = await db.tenant.findMany({
    where: isEvery ? {} : { customer: { assignments: { some: { userId: actor.userId } } } },
    select: { id: true },
  });
  return tenants.map(({ id }) => id);
}

/**
 * Ids of the tenants whose incidents the actor may read: the explicit predicate of every incident query. Worked out from
 * the assignments here and, independently, by row-level security in the database.
 */
export async function incidentTenantIds(db: Db, actor: Actor): Promise<string[]> {
  return can(actor, 'incident.read') ? tenantIds(db, actor, actor.seesAllCustomers) : [];
}

/** Ids of the tenants whose customer and freshness the actor may see (no incident content). */
export async function customerTenantIds(db: Db, actor: Actor): Promise<string[]> {
  if (!can(actor, 'customer.read')) return [];
  // Every role but the analyst's oversees all customers.
  return tenantIds(db, actor, actor.seesAllCustomers || actor.roles.some((role) => role !== 'analyst'));
}
