import type { Actor } from '@/lib/access/actor';
import { incidentTenantIds } from '@/lib/access/scope';
import type { Db } from '@/lib/db/client';
import type { FilterProblem, QueueFilter } from './filter';

export interface VisibleTenant {
  tenantId: string;
  slug: string;
  customerName: string;
}

/** Every tenant whose incidents the actor may read, by the customer's name. */
export async function visibleTenants(db: Db, actor: Actor): Promise<VisibleTenant[]> {
  const tenants = await db.tenant.findMany({
    where: { id: { in: await incidentTenantIds(db, actor) } },
    select: { id: true, slug: true, customer: { select: { displayName: true } } },
  });
  return tenants
    .map(({ id, slug, customer }) => ({ tenantId: id, slug, customerName: customer.displayName }))
    .sort((a, b) => a.customerName.localeCompare(b.customerName) || a.slug.localeCompare(b.slug));
}

/** Those that the filter asks for; slugs that are none of the reader's are named, as if they did not exist. */
export function chosenAmong(
  tenants: VisibleTenant[],
  { customers }: QueueFilter,
): { chosen: VisibleTenant[]; problems: FilterProblem[] } {
  if (customers.length === 0) return { chosen: tenants, problems: [] };
  const bySlug = new Map(tenants.map((tenant) => [tenant.slug, tenant]));
  const unknown = customers.filter((slug) => !bySlug.has(slug));
  return {
    chosen: customers.flatMap((slug) => bySlug.get(slug) ?? []),
    problems: unknown.map((value) => ({ kind: 'unknownValue', key: 'customer', value })),
  };
}

export const idsOf = (tenants: VisibleTenant[]) => tenants.map(({ tenantId }) => tenantId);
