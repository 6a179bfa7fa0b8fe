import { createHmac, hkdfSync } from 'node:crypto';
import { webEnv } from '@/lib/env';
import { hashOfToken, isSameToken } from '@/lib/token';

/**
 * The 256-bit token of an invitation's link, derived from its id and the portal's secret, so that an account manager can
 * copy the link again while the database still holds nothing but a hash.
 */
export function invitationToken(invitationId: string): string {
  const key = hkdfSync('sha256', webEnv().nextAuthSecret.reveal(), '', 'watchfold invitation link', 32);
  return createHmac('sha256', Buffer.from(key)).update(invitationId).digest('base64url');
}

/**
 * The link for a customer's administrator, opening in the invitation's language; null when the portal's secret has
 * changed since, so that a new invitation is needed.
 */
export function currentInvitationLink(invitation: { id: string; tokenHash: string; locale: string }): string | null {
  const token = invitationToken(invitation.id);
  if (!isSameToken(hashOfToken(token), invitation.tokenHash)) return null;
  return `${webEnv().publicUrl}/consent/${token}?lang=${invitation.locale}`;
}
