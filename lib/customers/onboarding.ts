import type { CustomerRow } from './queries';

export type StepKey = 'created' | 'continued' | 'approved' | 'proved' | 'read';
export type StepState = 'done' | 'now' | 'waiting' | 'failed';

export interface OnboardingStep {
  key: StepKey;
  state: StepState;
  at: Date | null;
  /** Key of a `customers` message for the line beneath; null for none. */
  note: string | null;
}

/** A stranger who went to Microsoft and did not come back is, after this long, probably no administrator. */
const SILENT_MS = 15 * 60_000;

function continuedNote(row: CustomerRow): { state: StepState; note: string | null } {
  const { invitation } = row;
  if (!invitation) return { state: 'now', note: null };
  if (invitation.declinedAt) return { state: 'failed', note: 'step.declined' };
  if (invitation.revokedAt) return { state: 'failed', note: 'step.revoked' };
  if (invitation.isExpired) return { state: 'failed', note: 'step.expired' };
  return { state: 'now', note: 'step.waitingOpen' };
}

const FAILED_OUTCOMES = new Set(['cancelled', 'microsoft_error', 'wrong_tenant']);

/** How far a customer's connection has come, as five steps in order; `nowMs` is the server's clock. */
export function onboardingSteps(row: CustomerRow, nowMs: number): OnboardingStep[] {
  const { connection, invitation, sync } = row;
  const isProved = connection.state === 'verified' || connection.state === 'degraded';
  const isRevoked = connection.state === 'revoked';
  const isApproved = isProved || isRevoked || connection.state === 'consented';
  const hasContinued = isApproved || (invitation?.continuedAt ?? null) !== null;
  const steps: OnboardingStep[] = [
    { key: 'created', state: 'done', at: invitation?.createdAt ?? null, note: null },
    hasContinued && !(invitation?.declinedAt && !isApproved)
      ? { key: 'continued', state: 'done', at: invitation?.continuedAt ?? null, note: null }
      : { key: 'continued', at: invitation?.declinedAt ?? null, ...continuedNote(row) },
  ];

  const outcome = invitation?.lastOutcome ?? null;
  const outcomeNote = outcome && outcome !== 'approved' ? `outcome.${outcome}` : null;
  if (isApproved) {
    steps.push({ key: 'approved', state: 'done', at: connection.consentedAt, note: null });
  } else if (!hasContinued || invitation?.declinedAt) {
    steps.push({ key: 'approved', state: 'waiting', at: null, note: null });
  } else {
    const hasFailed = outcome !== null && FAILED_OUTCOMES.has(outcome);
    const isSilent = invitation?.continuedAt && nowMs - invitation.continuedAt.getTime() > SILENT_MS;
    const note = outcomeNote ?? (isSilent ? 'step.silent' : 'step.waitingApproval');
    steps.push({ key: 'approved', state: hasFailed ? 'failed' : 'now', at: null, note });
  }

  if (isRevoked) steps.push({ key: 'proved', state: 'failed', at: connection.revokedAt, note: 'cause' });
  else if (connection.state === 'verified')
    steps.push({ key: 'proved', state: 'done', at: connection.verifiedAt, note: 'step.provedCount' });
  else if (connection.state === 'degraded')
    steps.push({ key: 'proved', state: 'failed', at: connection.verifiedAt, note: 'cause' });
  else if (connection.isProving) {
    steps.push({ key: 'proved', state: 'now', at: null, note: connection.causeCode ? 'cause' : 'step.proving' });
  } else if (connection.causeCode) steps.push({ key: 'proved', state: 'failed', at: null, note: 'cause' });
  else steps.push({ key: 'proved', state: 'waiting', at: null, note: null });

  if (!isProved || !sync) steps.push({ key: 'read', state: 'waiting', at: null, note: null });
  else if (sync.historyComplete)
    steps.push({ key: 'read', state: 'done', at: sync.lastCompleteAt, note: 'step.readDone' });
  else steps.push({ key: 'read', state: 'now', at: null, note: 'step.reading' });
  return steps;
}

/** Who has to do what next, as a key of the `customers.next` messages. */
export function nextStep(row: CustomerRow): string {
  const { connection, invitation } = row;
  const isPartnersFault = /^70002(15|22)$|^700027$/.test(connection.causeCode ?? '');
  if (isPartnersFault) return 'partner';
  if (connection.state === 'verified') return row.sync?.historyComplete ? 'none' : 'history';
  if (connection.state === 'degraded') return 'reconsent';
  if (connection.state === 'revoked') return 'call';
  if (connection.isProving) return 'proving';
  if (connection.causeCode === 'NO_DEFENDER' || connection.causeCode === '7000112') return 'customer';
  if (connection.state === 'consented') return 'reconsent';
  if (invitation?.declinedAt) return 'declined';
  if (!invitation || invitation.isExpired || invitation.revokedAt) return 'expired';
  return invitation.continuedAt ? 'wait' : 'send';
}
