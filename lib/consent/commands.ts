/**
 * The consent of one customer's administrator. Invariant: nothing that comes back in a browser is believed. A redirect
 * is only compared with what was pinned; whether anything was granted, the worker proves with a token of its own.
 */
import { type AuditActor, type AuditResult, recordAudit } from '@/lib/audit/events';
import { announceChange } from '@/lib/db/changes';
import { asNobody, asVisitor, type Db, databaseNow } from '@/lib/db/client';
import { webEnv } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { hashOfToken, isSameToken, newToken } from '@/lib/token';
import { type InvitationView, readInvitation } from './queries';

/** Long, because a role may have to be activated at Microsoft before one can approve. */
export const CONSENT_MINUTES = 60;
const CALLBACK_PATH = '/api/consent/callback';

export interface Visitor {
  address: string | null;
  requestId: string;
}

const auditVisitor = (visitor: Visitor): AuditActor => ({ kind: 'visitor', ...visitor });

async function openInvitation(db: Db, invitationHash: string): Promise<InvitationView> {
  const invitation = await readInvitation(db, invitationHash);
  if (!invitation) throw new AppError('not_found', 'notFound');
  if (invitation.status !== 'open') throw new AppError('conflict', `invitation_${invitation.status}`);
  return invitation;
}

/**
 * Microsoft's admin consent address for one tenant.
 * Source: identity platform, "Admin consent on the Microsoft identity platform" (v2.0/adminconsent).
 */
function adminConsentUrl(invitation: InvitationView, state: string): string {
  const { cloud, publicUrl } = webEnv();
  const url = new URL(`/${invitation.entraTenantId}/v2.0/adminconsent`, cloud.loginOrigin);
  url.searchParams.set('client_id', invitation.clientId);
  url.searchParams.set('scope', `${cloud.graphResource}/.default`);
  url.searchParams.set('redirect_uri', `${publicUrl}${CALLBACK_PATH}`);
  url.searchParams.set('state', state);
  return url.toString();
}

/**
 * Begins a consent: answers Microsoft's address and the flow cookie that the coming back is compared with. Throws
 * `not_found` or `conflict` (message `invitation_used`, `_expired`, `_revoked`) for a link that is no longer good.
 */
export async function beginConsent(token: string, visitor: Visitor): Promise<{ url: string; flowCookie: string }> {
  const invitationHash = hashOfToken(token);
  const state = newToken();
  const flowCookie = newToken();
  const invitation = await asVisitor({ invitationHash }, async (db) => {
    const found = await openInvitation(db, invitationHash);
    const id = crypto.randomUUID();
    await db.$executeRaw`
      INSERT INTO consent_transaction (tenant_id, id, invitation_id, state_hash, cookie_hash, expires_at)
      VALUES (${found.tenantId}::uuid, ${id}::uuid, ${found.invitationId}::uuid, ${hashOfToken(state)},
        ${hashOfToken(flowCookie)}, clock_timestamp() + make_interval(mins => ${CONSENT_MINUTES}))`;
    await db.$executeRaw`
      UPDATE invitation SET continued_at = clock_timestamp(), declined_at = NULL
      WHERE tenant_id = ${found.tenantId}::uuid AND id = ${found.invitationId}::uuid`;
    await recordAudit(db, {
      actor: auditVisitor(visitor),
      action: 'consent.continue',
      result: 'ok',
      tenantId: found.tenantId,
      target: found.invitationId,
    });
    await announceChange(db, { kind: 'connection', tenantId: found.tenantId });
    return found;
  });
  return { url: adminConsentUrl(invitation, state), flowCookie };
}

/** The administrator says no. The link stays good, should they think again. */
export async function declineInvitation(token: string, visitor: Visitor): Promise<void> {
  const invitationHash = hashOfToken(token);
  await asVisitor({ invitationHash }, async (db) => {
    const invitation = await openInvitation(db, invitationHash);
    await db.$executeRaw`
      UPDATE invitation SET declined_at = clock_timestamp()
      WHERE tenant_id = ${invitation.tenantId}::uuid AND id = ${invitation.invitationId}::uuid`;
    await recordAudit(db, {
      actor: auditVisitor(visitor),
      action: 'invitation.decline',
      result: 'ok',
      tenantId: invitation.tenantId,
      target: invitation.invitationId,
    });
    await announceChange(db, { kind: 'connection', tenantId: invitation.tenantId });
  });
}

/** What a return from Microsoft meant; `unknown` is a state that was never ours. */
export type ConsentOutcome =
  | 'approved'
  | 'cancelled'
  | 'microsoft_error'
  | 'wrong_tenant'
  | 'other_browser'
  | 'replayed'
  | 'expired'
  | 'revoked'
  | 'unknown';

/** Query parameters of the redirect, all of them strangers' input. */
export interface ConsentReturn {
  state: string;
  tenant: string;
  error: string;
  errorDescription: string;
}

interface Judgement {
  outcome: ConsentOutcome;
  detail: string | null;
}

const CANCELLED = /^(access_denied|permission_denied|consent_required)$/;
const CANCEL_CODE = '65004';

/** The AADSTS number of an error text; null when it has none. */
function aadstsOf(text: string): string | null {
  return /AADSTS(\d{4,7})/.exec(text)?.[1] ?? null;
}

// `admin_consent=True` comes with failures too and so is not looked at.
function judge(returned: ConsentReturn, pinnedTenantId: string, isSameBrowser: boolean): Judgement {
  if (returned.error) {
    const code = aadstsOf(returned.errorDescription);
    const isCancel = code === CANCEL_CODE || (code === null && CANCELLED.test(returned.error));
    return isCancel
      ? { outcome: 'cancelled', detail: code }
      : { outcome: 'microsoft_error', detail: code ?? returned.error.slice(0, 64) };
  }
  if (returned.tenant.toLowerCase() !== pinnedTenantId) return { outcome: 'wrong_tenant', detail: null };
  return { outcome: isSameBrowser ? 'approved' : 'other_browser', detail: null };
}

const RESULTS: Record<ConsentOutcome, AuditResult> = {
  approved: 'ok',
  other_browser: 'refused',
  cancelled: 'refused',
  microsoft_error: 'failed',
  wrong_tenant: 'refused',
  replayed: 'refused',
  expired: 'refused',
  revoked: 'refused',
  unknown: 'refused',
};

/** Asks the worker for a proof, which is harmless whoever asks: it looks at the pinned tenant and nothing else. */
async function askForProof(db: Db, tenantId: string, registrationId: string): Promise<void> {
  await db.$executeRaw`
    UPDATE connection SET proof_due_at = clock_timestamp(), proof_started_at = NULL, proof_attempts = 0,
      updated_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND registration_id = ${registrationId}::uuid AND state <> 'offboarded'`;
  await announceChange(db, { kind: 'work', tenantId });
}

/** What the browser says is only noted; a state that was proved once, and the link, change by the worker's proof alone. */
async function noteApproval(db: Db, tenantId: string, registrationId: string): Promise<void> {
  await db.$executeRaw`
    UPDATE connection SET state = CASE WHEN state = 'invited' THEN 'consented' ELSE state END,
      consented_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND registration_id = ${registrationId}::uuid AND state <> 'offboarded'`;
}

/** Takes the state for this return; false when an earlier return took it. Two at one moment wait for each other. */
async function claimState(db: Db, consentStateHash: string): Promise<boolean> {
  const claimed = await db.$executeRaw`
    UPDATE consent_transaction SET claimed_at = clock_timestamp()
    WHERE state_hash = ${consentStateHash} AND claimed_at IS NULL`;
  return claimed > 0;
}

interface Pinned {
  entraTenantId: string;
  isExpired: boolean;
  isLinkRevoked: boolean;
}

function judgeFirst(returned: ConsentReturn, pinned: Pinned, isSameBrowser: boolean): Judgement {
  if (pinned.isLinkRevoked) return { outcome: 'revoked', detail: null };
  if (pinned.isExpired) return { outcome: 'expired', detail: null };
  return judge(returned, pinned.entraTenantId, isSameBrowser);
}

/**
 * Takes a return from Microsoft: claims its transaction once, compares, and has the worker prove. Answers what to show;
 * `isThisBrowsers` says whether the flow cookie belongs to the transaction, so that its page may name the customer.
 */
export async function receiveConsent(
  returned: ConsentReturn,
  flowCookie: string | null,
  visitor: Visitor,
): Promise<{ outcome: ConsentOutcome; isThisBrowsers: boolean }> {
  const consentStateHash = hashOfToken(returned.state);
  const known = await asVisitor({ consentStateHash }, async (db) => {
    const transaction = await db.consentTransaction.findUnique({
      where: { stateHash: consentStateHash },
      include: { tenant: true, invitation: true },
    });
    if (!transaction) return null;
    const { tenantId, invitation } = transaction;
    const isThisBrowsers = flowCookie !== null && isSameToken(hashOfToken(flowCookie), transaction.cookieHash);
    const isFirst = await claimState(db, consentStateHash);
    const pinned = {
      entraTenantId: transaction.tenant.entraTenantId,
      isExpired: transaction.expiresAt <= (await databaseNow(db)),
      isLinkRevoked: invitation.revokedAt !== null,
    };
    const { outcome, detail }: Judgement = isFirst
      ? judgeFirst(returned, pinned, isThisBrowsers)
      : { outcome: 'replayed', detail: null };
    if (isFirst) {
      await db.consentTransaction.update({
        where: { stateHash: consentStateHash },
        data: { outcome, outcomeDetail: detail },
      });
    }
    if (outcome === 'approved') await noteApproval(db, tenantId, invitation.registrationId);
    // An approval counts by what Entra holds, also when its way back here was late or led to another browser.
    const mayBeGranted =
      outcome === 'approved' || ((outcome === 'other_browser' || outcome === 'expired') && !returned.error);
    if (mayBeGranted) await askForProof(db, tenantId, invitation.registrationId);
    await recordAudit(db, {
      actor: auditVisitor(visitor),
      action: 'consent.return',
      result: RESULTS[outcome],
      tenantId,
      target: transaction.id,
      reason: detail ? `${outcome}:${detail}` : outcome,
    });
    await announceChange(db, { kind: 'connection', tenantId });
    return { outcome, isThisBrowsers };
  });
  if (known) return known;
  await asNobody((db) =>
    recordAudit(db, { actor: auditVisitor(visitor), action: 'consent.return', result: 'refused', reason: 'unknown' }),
  );
  return { outcome: 'unknown', isThisBrowsers: false };
}
