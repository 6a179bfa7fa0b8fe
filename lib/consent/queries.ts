/** What a customer's administrator may see, who has a link or a flow cookie and no account. */

import { isProving } from '@/lib/customers/proving';
import { asVisitor, type Db, databaseNow } from '@/lib/db/client';
import { hashOfToken } from '@/lib/token';

export type InvitationStatus = 'open' | 'expired' | 'used' | 'revoked';

/** The invitation page's facts. */
export interface InvitationView {
  tenantId: string;
  invitationId: string;
  status: InvitationStatus;
  /** The account manager's choice of language. */
  locale: string;
  customerName: string;
  domain: string | null;
  entraTenantId: string;
  askedBy: string;
  partnerName: string;
  partnerPhone: string;
  applicationName: string;
  clientId: string;
  requiredRoles: string[];
  expiresAt: Date;
  usedAt: Date | null;
}

/** A phone number that stays on one line. */
function unbroken(phone: string): string {
  return phone.replaceAll(' ', '\u00a0');
}

/** The invitation of a link's token, or null for a token that is nobody's. A look changes nothing: scanners open links. */
export async function findInvitation(token: string): Promise<InvitationView | null> {
  const invitationHash = hashOfToken(token);
  return asVisitor({ invitationHash }, (db) => readInvitation(db, invitationHash));
}

/** `findInvitation` inside a transaction that already presents the hash. */
export async function readInvitation(db: Db, invitationHash: string): Promise<InvitationView | null> {
  const invitation = await db.invitation.findUnique({
    where: { tokenHash: invitationHash },
    include: { registration: true, tenant: { include: { customer: true } } },
  });
  if (!invitation) return null;
  const partner = await db.partner.findUnique({ where: { id: 1 } });
  const isExpired = invitation.expiresAt <= (await databaseNow(db));
  return {
    tenantId: invitation.tenantId,
    invitationId: invitation.id,
    status: invitation.usedAt ? 'used' : invitation.revokedAt ? 'revoked' : isExpired ? 'expired' : 'open',
    locale: invitation.locale,
    customerName: invitation.tenant.customer.displayName,
    domain: invitation.tenant.domain,
    entraTenantId: invitation.tenant.entraTenantId,
    askedBy: invitation.createdByName,
    partnerName: partner?.displayName ?? invitation.registration.displayName,
    partnerPhone: unbroken(partner?.phone ?? ''),
    applicationName: invitation.registration.displayName,
    clientId: invitation.registration.clientId,
    requiredRoles: invitation.registration.requiredRoles,
    expiresAt: invitation.expiresAt,
    usedAt: invitation.usedAt,
  };
}

/** Where an approval stands, for the browser that made it. */
export interface ConsentView {
  outcome: string | null;
  outcomeDetail: string | null;
  connectionState: string;
  causeCode: string | null;
  causeDetail: string | null;
  /** The worker is still asking Microsoft. */
  isProving: boolean;
  verifiedAt: Date | null;
  locale: string;
  customerName: string;
  askedBy: string;
  partnerName: string;
  partnerPhone: string;
  applicationName: string;
}

/** True until the worker has looked after the approval was noted. */
function isProofDue(connection: { consentedAt: Date | null; probedAt: Date | null }): boolean {
  const { consentedAt, probedAt } = connection;
  return consentedAt !== null && (probedAt === null || probedAt < consentedAt);
}

/** What became of the consent that this flow cookie began, or null for a cookie that is nobody's. */
export async function findConsent(flowCookie: string): Promise<ConsentView | null> {
  const consentCookieHash = hashOfToken(flowCookie);
  return asVisitor({ consentCookieHash }, async (db) => {
    const transaction = await db.consentTransaction.findUnique({
      where: { cookieHash: consentCookieHash },
      include: { invitation: { include: { registration: true } }, tenant: { include: { customer: true } } },
    });
    if (!transaction) return null;
    const { invitation } = transaction;
    const connection = await db.connection.findUnique({
      where: {
        tenantId_registrationId: { tenantId: transaction.tenantId, registrationId: invitation.registrationId },
      },
    });
    const partner = await db.partner.findUnique({ where: { id: 1 } });
    return {
      outcome: transaction.outcome,
      outcomeDetail: transaction.outcomeDetail,
      connectionState: connection?.state ?? 'invited',
      causeCode: connection?.causeCode ?? null,
      causeDetail: connection?.causeDetail ?? null,
      isProving: connection !== null && (isProving(connection) || isProofDue(connection)),
      verifiedAt: connection?.verifiedAt ?? null,
      locale: invitation.locale,
      customerName: transaction.tenant.customer.displayName,
      askedBy: invitation.createdByName,
      partnerName: partner?.displayName ?? invitation.registration.displayName,
      partnerPhone: unbroken(partner?.phone ?? ''),
      applicationName: invitation.registration.displayName,
    };
  });
}
