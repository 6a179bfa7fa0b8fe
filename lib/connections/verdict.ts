/** What a finding makes of a connection: rules only, no database and no network. */
import type { Finding } from './finding';

export type ConnectionState = 'invited' | 'consented' | 'verified' | 'degraded' | 'revoked' | 'offboarded';

export interface ConnectionBefore {
  state: ConnectionState;
  causeCode: string | null;
  causeDetail: string | null;
  /** Looks since the approval, this one included. */
  attempts: number;
  /** Until Entra must have replicated; zero or less means it had its time. */
  windowLeftMs: number;
  /** An approval was noted since the grant was last seen gone. */
  isApprovedAnew: boolean;
}

export interface ConnectionVerdict {
  state: ConnectionState;
  causeCode: string | null;
  causeDetail: string | null;
  /** When to look again; null is not before somebody asks. */
  dueInMs: number | null;
}

// Entra replicates within seconds as a rule and within minutes sometimes, so looks come fast first and slow later.
const GAPS_MS = [1_000, 2_000, 3_000, 5_000, 5_000, 10_000];
const GAP_MAX_MS = 15_000;
/** How often a broken grant is looked at: often enough to notice a repair, seldom enough to bother nobody. */
const BROKEN_PROBE_MS = 15 * 60_000;

function gapMs(attempts: number): number {
  return GAPS_MS[attempts - 1] ?? GAP_MAX_MS;
}

function asBefore({ state, causeCode, causeDetail }: ConnectionBefore) {
  return { state, causeCode, causeDetail };
}

/** True once a grant was seen, whatever became of it. */
export function isProved(state: ConnectionState): boolean {
  return state === 'verified' || state === 'degraded' || state === 'revoked';
}

/** `probeIntervalMs` is how often a standing grant is looked at. */
export function verdictOn(before: ConnectionBefore, finding: Finding, probeIntervalMs: number): ConnectionVerdict {
  const brokenProbeMs = Math.max(probeIntervalMs, BROKEN_PROBE_MS);
  const nextGapMs = Math.min(gapMs(before.attempts), Math.max(before.windowLeftMs, 0) + 100);
  const isWindowOpen = before.windowLeftMs > 0;

  const waiting = (causeNow: string, causeAtEnd: string, atLeastMs = 0): ConnectionVerdict => ({
    state: before.state,
    causeCode: isWindowOpen ? causeNow : causeAtEnd,
    causeDetail: null,
    dueInMs: isWindowOpen ? Math.max(nextGapMs, atLeastMs) : null,
  });

  const degraded = (missingRoles: readonly string[]): ConnectionVerdict => ({
    state: 'degraded',
    causeCode: 'ROLE_MISSING',
    causeDetail: missingRoles.join(','),
    // The rest of the roles may still be on their way.
    dueInMs: isWindowOpen ? nextGapMs : probeIntervalMs,
  });

  const revoked: ConnectionVerdict = {
    state: 'revoked',
    causeCode: 'REVOKED',
    causeDetail: null,
    dueInMs: brokenProbeMs,
  };
  // A revoked one that was approved anew waits for Microsoft as a first approval does.
  const isGone = isProved(before.state) && !(before.isApprovedAnew && isWindowOpen);

  switch (finding.kind) {
    case 'granted':
      if (finding.missingRoles.length > 0) return degraded(finding.missingRoles);
      return { state: 'verified', causeCode: null, causeDetail: null, dueInMs: probeIntervalMs };
    case 'no_principal':
      if (isGone) return revoked;
      return waiting('WAITING_FOR_MICROSOFT', 'NOT_APPROVED');
    case 'no_roles':
      if (isGone) return revoked;
      return waiting('WAITING_FOR_ROLES', 'ROLES_MISSING');
    case 'failed': {
      const { causeCode, isFinal } = finding;
      const retryAfterMs = finding.retryAfterMs ?? 0;
      if (isProved(before.state)) {
        if (isFinal) return { state: before.state, causeCode, causeDetail: null, dueInMs: brokenProbeMs };
        // A passing trouble says nothing about the grant.
        const dueInMs = Math.max(Math.min(gapMs(before.attempts), probeIntervalMs), retryAfterMs);
        return { ...asBefore(before), dueInMs };
      }
      if (isFinal) return { state: before.state, causeCode, causeDetail: null, dueInMs: null };
      return waiting(causeCode, causeCode, retryAfterMs);
    }
  }
}
