import type { ConsentView } from './queries';

/** What the customer's administrator is told, in one word. */
export type ConsentStanding =
  | 'waiting'
  | 'done'
  | 'partly'
  | 'noDefender'
  | 'notProved'
  | 'partnerFault'
  | 'cancelled'
  | 'error'
  | 'wrongTenant'
  | 'otherBrowser'
  | 'replayed'
  | 'expired'
  | 'linkRevoked'
  | 'unknown';

const STRANGERS: Record<string, ConsentStanding> = {
  other_browser: 'otherBrowser',
  replayed: 'replayed',
  expired: 'expired',
  revoked: 'linkRevoked',
  cancelled: 'cancelled',
  microsoft_error: 'error',
  wrong_tenant: 'wrongTenant',
};

// Faults of the partner's own credential; the customer can do nothing about them.
const PARTNER_FAULTS = new Set(['7000215', '7000222', '700027']);

/** Where a consent stands; `outcome` is the one in the address, for a browser that did not begin it. */
export function consentStanding(consent: ConsentView | null, outcome: string | null): ConsentStanding {
  if (!consent) return STRANGERS[outcome ?? ''] ?? 'unknown';
  const failed = STRANGERS[consent.outcome ?? ''];
  if (failed && consent.outcome !== 'expired') return failed;
  // A proof from before this approval says nothing of it.
  if (consent.isProving) return consent.causeCode && PARTNER_FAULTS.has(consent.causeCode) ? 'partnerFault' : 'waiting';
  if (consent.connectionState === 'verified') return 'done';
  if (consent.connectionState === 'degraded') return 'partly';
  if (consent.causeCode && PARTNER_FAULTS.has(consent.causeCode)) return 'partnerFault';
  if (consent.causeCode === 'NO_DEFENDER') return 'noDefender';
  if (consent.outcome === null) return 'unknown';
  if (consent.outcome === 'expired') return 'expired';
  return 'notProved';
}
