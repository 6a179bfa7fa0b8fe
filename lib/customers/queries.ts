/** Customers as the people see them who bring them in and look after them. No incident content passes here. */
import type { Actor } from '@/lib/access/actor';
import { can } from '@/lib/access/permissions';
import { customerTenantIds } from '@/lib/access/scope';
import { asActor, type Db, databaseNow } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { currentInvitationLink } from './invitation-link';
import { isProving } from './proving';

export interface InvitationState {
  id: string;
  locale: string;
  createdAt: Date;
  createdByName: string;
  expiresAt: Date;
  continuedAt: Date | null;
  declinedAt: Date | null;
  usedAt: Date | null;
  revokedAt: Date | null;
  isExpired: boolean;
  /** What became of the newest return from Microsoft, if there was one. */
  lastOutcome: string | null;
  lastOutcomeDetail: string | null;
}

export interface CustomerRow {
  customerId: string;
  name: string;
  slug: string;
  domain: string | null;
  entraTenantId: string;
  connection: {
    state: string;
    grantedRoles: string[];
    requiredRoles: string[];
    applicationName: string;
    consentedAt: Date | null;
    proofStartedAt: Date | null;
    isProving: boolean;
    verifiedAt: Date | null;
    revokedAt: Date | null;
    causeCode: string | null;
    causeDetail: string | null;
  };
  sync: { lastCompleteAt: Date | null; historyComplete: boolean; state: string; causeCode: string | null } | null;
  invitation: InvitationState | null;
}

const INCLUDE = {
  customer: true,
  connections: { include: { registration: true } },
  syncStates: { where: { stream: 'incidents' } },
  invitations: {
    orderBy: { createdAt: 'desc' },
    take: 1,
    include: { transactions: { where: { outcome: { not: null } }, orderBy: { claimedAt: 'desc' }, take: 1 } },
  },
} as const;

async function readRows(db: Db, where: { slug?: string; ids: string[] }): Promise<CustomerRow[]> {
  const tenants = await db.tenant.findMany({
    where: { id: { in: where.ids }, ...(where.slug === undefined ? {} : { slug: where.slug }) },
    include: INCLUDE,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  const now = await databaseNow(db);
  return tenants.flatMap((tenant): CustomerRow[] => {
    const [connection] = tenant.connections;
    if (!connection) return [];
    const [sync] = tenant.syncStates;
    const [invitation] = tenant.invitations;
    const [returned] = invitation?.transactions ?? [];
    return [
      {
        customerId: tenant.customerId,
        name: tenant.customer.displayName,
        slug: tenant.slug,
        domain: tenant.domain,
        entraTenantId: tenant.entraTenantId,
        connection: {
          state: connection.state,
          grantedRoles: connection.grantedRoles,
          requiredRoles: connection.registration.requiredRoles,
          applicationName: connection.registration.displayName,
          consentedAt: connection.consentedAt,
          proofStartedAt: connection.proofStartedAt,
          isProving: isProving(connection),
          verifiedAt: connection.verifiedAt,
          revokedAt: connection.revokedAt,
          causeCode: connection.causeCode,
          causeDetail: connection.causeDetail,
        },
        sync: sync
          ? {
              lastCompleteAt: sync.lastCompleteAt,
              historyComplete: sync.historyComplete,
              state: sync.state,
              causeCode: sync.causeCode,
            }
          : null,
        invitation: invitation
          ? {
              id: invitation.id,
              locale: invitation.locale,
              createdAt: invitation.createdAt,
              createdByName: invitation.createdByName,
              expiresAt: invitation.expiresAt,
              continuedAt: invitation.continuedAt,
              declinedAt: invitation.declinedAt,
              usedAt: invitation.usedAt,
              revokedAt: invitation.revokedAt,
              isExpired: invitation.expiresAt <= now,
              lastOutcome: returned?.outcome ?? null,
              lastOutcomeDetail: returned?.outcomeDetail ?? null,
            }
          : null,
      },
    ];
  });
}

const NEEDS_ACTION: Record<string, number> = { revoked: 0, degraded: 1, consented: 2, invited: 3, verified: 4 };

/** The customers that the actor may see, those that need somebody first. */
export async function listCustomers(actor: Actor): Promise<CustomerRow[]> {
  if (!can(actor, 'customer.read')) throw new AppError('forbidden', 'forbidden');
  const rows = await asActor(actor.userId, async (db) => readRows(db, { ids: await customerTenantIds(db, actor) }));
  const rank = (row: CustomerRow) => NEEDS_ACTION[row.connection.state] ?? 5;
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Names of the customers that the actor may see, for choosing among them, by name. */
export async function listCustomerNames(actor: Actor): Promise<{ id: string; name: string }[]> {
  if (!can(actor, 'customer.read')) throw new AppError('forbidden', 'forbidden');
  const customers = await asActor(actor.userId, async (db) =>
    db.customer.findMany({
      where: { tenants: { some: { id: { in: await customerTenantIds(db, actor) } } } },
      select: { id: true, displayName: true },
    }),
  );
  return customers
    .map(({ id, displayName }) => ({ id, name: displayName }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

export interface CustomerPage extends CustomerRow {
  /** The partner as customers know it. */
  partnerName: string;
  /** The open invitation's link; null without one, for people who may not send it, or after the portal's secret changed. */
  link: string | null;
}

/** One customer by its tenant's slug; throws `not_found` alike for an unknown one and one of others. */
export async function getCustomer(actor: Actor, slug: string): Promise<CustomerPage> {
  if (!can(actor, 'customer.read')) throw new AppError('not_found', 'notFound');
  return asActor(actor.userId, async (db) => {
    const [row] = await readRows(db, { slug, ids: await customerTenantIds(db, actor) });
    if (!row) throw new AppError('not_found', 'notFound');
    const partner = await db.partner.findUnique({ where: { id: 1 } });
    const partnerName = partner?.displayName ?? row.connection.applicationName;
    const { invitation } = row;
    const isOpen = invitation && !invitation.usedAt && !invitation.revokedAt && !invitation.isExpired;
    if (!isOpen || !can(actor, 'customer.write')) return { ...row, partnerName, link: null };
    const stored = await db.invitation.findFirst({ where: { id: invitation.id }, select: { tokenHash: true } });
    return {
      ...row,
      partnerName,
      link: stored ? currentInvitationLink({ ...invitation, tokenHash: stored.tokenHash }) : null,
    };
  });
}
