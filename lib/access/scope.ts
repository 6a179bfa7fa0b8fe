import type { Db } from '@/lib/db/client';
import type { Actor } from './actor';
import { can } from './permissions';

/**
 * Ids of the tenants whose incidents the actor may read: the explicit predicate of every incident query. Worked out from
 * the assignments here and, independently, by row-level security in the database.
 */
export async function incidentTenantIds(db: Db, actor: Actor): Promise<string[]> {
  if (!can(actor, 'incident.read')) return [];
  const tenants = await db.tenant.findMany({
    where: actor.seesAllCustomers ? {} : { customer: { assignments: { some: { userId: actor.userId } } } },
    select: { id: true },
  });
  return tenants.map(({ id }) => id);
}

/** Ids of the tenants whose customer and freshness the actor may see (no incident content). */
export async function customerTenantIds(db: Db, actor: Actor): Promise<string[]> {
  if (!can(actor, 'customer.read')) return [];
  // Every role but the analyst's oversees all customers.
  const seesAll = actor.seesAllCustomers || actor.roles.some((role) => role !== 'analyst');
  const tenants = await db.tenant.findMany({
    where: seesAll ? {} : { customer: { assignments: { some: { userId: actor.userId } } } },
    select: { id: true },
  });
  return tenants.map(({ id }) => id);
}
