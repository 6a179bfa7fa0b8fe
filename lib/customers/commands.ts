/**
 * Customers and the invitations to them. Invariant: a tenant is pinned when its customer is added, from Microsoft's own
 * metadata, and belongs to one customer only; nothing that comes back from a browser changes it.
 */
import { type Actor, auditActorOf } from '@/lib/access/actor';
import { can } from '@/lib/access/permissions';
import { recordAudit } from '@/lib/audit/events';
import { announceChange } from '@/lib/db/changes';
import { asActor, type Db } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { isGuid } from '@/lib/guid';
import type { Locale } from '@/lib/locales';
import { hashOfToken } from '@/lib/token';
import { askWorker } from './ask-worker';
import { invitationToken } from './invitation-link';
import { slugOf } from './slug';

const INVITATION_HOURS = 72;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export interface NewCustomer {
  /** A domain of the customer's, or its Entra tenant id. */
  domainOrTenantId: string;
  /** Empty: the domain's first word. */
  displayName: string;
  locale: Locale;
}

function requireWriter(actor: Actor): void {
  if (!can(actor, 'customer.write')) throw new AppError('forbidden', 'forbidden');
}

/** A domain as Entra knows it: lower case, without scheme, path, or the part before an @. */
export function domainFrom(text: string): string | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#].*$/, '')
    .replace(/\.$/, '');
  return DOMAIN.test(bare) ? bare : null;
}

async function refuse(actor: Actor, input: string, reason: string, error: AppError): Promise<never> {
  await asActor(actor.userId, (db) =>
    recordAudit(db, {
      actor: auditActorOf(actor),
      action: 'customer.add',
      result: 'refused',
      target: input.slice(0, 253),
      reason,
    }),
  );
  throw error;
}

async function resolveTenant(actor: Actor, input: string, asked: string): Promise<string> {
  const { state, answer } = await askWorker(actor, 'resolve_tenant', { domainOrTenantId: asked });
  const entraTenantId = String(answer['entraTenantId'] ?? '').toLowerCase();
  if (state === 'done' && isGuid(entraTenantId)) return entraTenantId;
  const code = String(answer['code'] ?? 'unknown');
  if (answer['kind'] === 'unknown_tenant') {
    return refuse(actor, input, code, new AppError('invalid', 'unknownTenant', { input: asked }));
  }
  return refuse(actor, input, code, new AppError('unavailable', 'microsoftUnreachable', { code }));
}

async function insertInvitation(
  db: Db,
  actor: Actor,
  invitation: { tenantId: string; registrationId: string; locale: string },
): Promise<string> {
  const id = crypto.randomUUID();
  await db.$executeRaw`
    INSERT INTO invitation (tenant_id, id, registration_id, token_hash, locale, created_by, created_by_name, expires_at)
    VALUES (${invitation.tenantId}::uuid, ${id}::uuid, ${invitation.registrationId}::uuid,
      ${hashOfToken(invitationToken(id))}, ${invitation.locale}, ${actor.userId}::uuid, ${actor.displayName},
      clock_timestamp() + make_interval(hours => ${INVITATION_HOURS}))`;
  await recordAudit(db, {
    actor: auditActorOf(actor),
    action: 'invitation.create',
    result: 'ok',
    tenantId: invitation.tenantId,
    target: id,
  });
  return id;
}

async function freeSlug(db: Db, wanted: string): Promise<string> {
  const taken = await db.tenant.findMany({ where: { slug: { startsWith: wanted } }, select: { slug: true } });
  const slugs = new Set(taken.map(({ slug }) => slug));
  if (!slugs.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    if (!slugs.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
  }
}

const UNIQUE_VIOLATION = 'P2002';

/**
 * Adds a customer with its tenant, pinned by Microsoft's metadata, and a first invitation; answers the tenant's slug.
 * Throws `invalid` for a bad or unknown domain, `conflict` for a tenant that already is a customer's, `unavailable` when
 * Microsoft or the worker does not answer.
 */
export async function addCustomer(actor: Actor, input: NewCustomer): Promise<string> {
  requireWriter(actor);
  const given = input.domainOrTenantId.trim();
  const domain = isGuid(given) ? null : domainFrom(given);
  if (!isGuid(given) && !domain) {
    return refuse(actor, given, 'malformed', new AppError('invalid', 'malformedDomain', { input: given.slice(0, 80) }));
  }
  const registration = await asActor(actor.userId, (db) =>
    db.registration.findFirst({ where: { tier: 'read', credentials: { some: {} } } }),
  );
  if (!registration) throw new AppError('conflict', 'noRegistration');
  const entraTenantId = await resolveTenant(actor, given, domain ?? given.toLowerCase());
  const displayName = input.displayName.trim() || domain?.split('.')[0] || entraTenantId;
  try {
    return await asActor(actor.userId, async (db) => {
      const known = await db.tenant.findFirst({ where: { entraTenantId }, include: { customer: true } });
      if (known) throw new AppError('conflict', 'alreadyCustomer', { name: known.customer.displayName });
      const slug = await freeSlug(db, slugOf(displayName, domain));
      const customer = await db.customer.create({ data: { displayName, createdBy: actor.userId } });
      const tenant = await db.tenant.create({ data: { customerId: customer.id, slug, entraTenantId, domain } });
      await db.connection.create({ data: { tenantId: tenant.id, registrationId: registration.id } });
      await recordAudit(db, {
        actor: auditActorOf(actor),
        action: 'customer.add',
        result: 'ok',
        tenantId: tenant.id,
        target: entraTenantId,
      });
      await insertInvitation(db, actor, {
        tenantId: tenant.id,
        registrationId: registration.id,
        locale: input.locale,
      });
      await announceChange(db, { kind: 'connection', tenantId: tenant.id });
      return slug;
    });
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) throw new AppError('conflict', 'addedMeanwhile');
    throw error;
  }
}

/** The tenant with its connection, held until the transaction ends, so that two people don't renew one link at once. */
async function tenantForWriting(db: Db, slug: string) {
  const tenant = await db.tenant.findFirst({ where: { slug }, include: { connections: true } });
  const [connection] = tenant?.connections ?? [];
  if (!tenant || !connection) throw new AppError('not_found', 'notFound');
  await db.$queryRaw`SELECT 1 FROM connection WHERE tenant_id = ${tenant.id}::uuid FOR UPDATE`;
  return { tenant, connection };
}

/** Ends every open link of a tenant, if there is one, and says so in the audit log. */
async function endOpenLinks(db: Db, actor: Actor, tenantId: string): Promise<void> {
  const { count } = await db.invitation.updateMany({
    where: { tenantId, usedAt: null, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) return;
  const entry = { action: 'invitation.revoke', result: 'ok', tenantId, target: String(count) } as const;
  await recordAudit(db, { actor: auditActorOf(actor), ...entry });
}

/** Replaces the open invitation of a tenant by a new one; links sent earlier stop working. */
export async function renewInvitation(actor: Actor, slug: string, locale: Locale): Promise<void> {
  requireWriter(actor);
  await asActor(actor.userId, async (db) => {
    const { tenant, connection } = await tenantForWriting(db, slug);
    await endOpenLinks(db, actor, tenant.id);
    await insertInvitation(db, actor, { tenantId: tenant.id, registrationId: connection.registrationId, locale });
    await announceChange(db, { kind: 'connection', tenantId: tenant.id });
  });
}

/** Makes every open link of a tenant worthless. */
export async function revokeInvitations(actor: Actor, slug: string): Promise<void> {
  requireWriter(actor);
  await asActor(actor.userId, async (db) => {
    const { tenant } = await tenantForWriting(db, slug);
    await endOpenLinks(db, actor, tenant.id);
    await announceChange(db, { kind: 'connection', tenantId: tenant.id });
  });
}

/** Has the worker prove the grant now, without waiting for the customer's browser to come back. */
export async function checkConnection(actor: Actor, slug: string): Promise<void> {
  requireWriter(actor);
  await asActor(actor.userId, async (db) => {
    const { tenant } = await tenantForWriting(db, slug);
    await db.$executeRaw`
      UPDATE connection SET proof_due_at = clock_timestamp(), updated_at = clock_timestamp(),
        proof_started_at = CASE WHEN proof_due_at IS NULL THEN NULL ELSE proof_started_at END,
        proof_attempts = CASE WHEN proof_due_at IS NULL THEN 0 ELSE proof_attempts END
      WHERE tenant_id = ${tenant.id}::uuid AND state <> 'offboarded'`;
    await recordAudit(db, {
      actor: auditActorOf(actor),
      action: 'connection.check',
      result: 'ok',
      tenantId: tenant.id,
    });
    await announceChange(db, { kind: 'work', tenantId: tenant.id });
  });
}
