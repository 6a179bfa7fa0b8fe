/**
 * Whether what we hold of a tenant is complete. Invariant: `current` is said only of a tenant whose history was read to
 * its end and whose last complete read is younger than two intervals; everything else is named with a cause.
 */

export type FreshnessState = 'current' | 'late' | 'stopped' | 'reading';

/** Why a tenant is not current: a code of Microsoft's or of the worker's, or one of the two found out here. */
export type FreshnessCause = string;

/** What the tables say of a tenant, all times by the database's clock. */
export interface FreshnessFacts {
  connectionState: string;
  connectionCause: string | null;
  historyComplete: boolean;
  syncState: string;
  syncCause: string | null;
  attemptStartedAt: Date | null;
  attemptEndedAt: Date | null;
  lastCompleteAt: Date | null;
  dueAt: Date | null;
}

export interface Judgement {
  state: FreshnessState;
  cause: FreshnessCause | null;
}

const INTERVALS_UNTIL_LATE = 2;

/** Causes that no waiting cures: somebody has to do something. */
const NEEDS_A_HUMAN = new Set([
  '7000215',
  '7000222',
  '700027',
  '7000112',
  '700016',
  '7000229',
  'NOT_APPROVED',
  'NO_DEFENDER',
  'ROLES_MISSING',
  'NO_CREDENTIAL',
  'REVOKED',
  'WRONG_TENANT',
]);

function causeOfSilence(facts: FreshnessFacts, now: Date, intervalMs: number): FreshnessCause | null {
  const startedMs = facts.attemptStartedAt?.getTime();
  const endedMs = facts.attemptEndedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  if (startedMs !== undefined && startedMs > endedMs) {
    return now.getTime() - startedMs > intervalMs ? 'NO_ANSWER' : null;
  }
  // Due for long and not begun: then it is not Microsoft who is slow.
  if (facts.dueAt && now.getTime() - facts.dueAt.getTime() > intervalMs) return 'WORKER_SILENT';
  return null;
}

/** Judges one connected tenant at `now`, for a worker that reads every `intervalMs`. */
export function judgeFreshness(facts: FreshnessFacts, now: Date, intervalMs: number): Judgement {
  if (facts.connectionState === 'revoked') return { state: 'stopped', cause: facts.connectionCause ?? 'REVOKED' };
  const failing = facts.syncState === 'failing';
  const cause = facts.syncCause ?? causeOfSilence(facts, now, intervalMs);
  if (failing && cause && NEEDS_A_HUMAN.has(cause)) return { state: 'stopped', cause };
  const ageMs = facts.lastCompleteAt ? now.getTime() - facts.lastCompleteAt.getTime() : Number.POSITIVE_INFINITY;
  if (!facts.historyComplete) return failing || cause ? { state: 'late', cause } : { state: 'reading', cause: null };
  if (!failing && ageMs <= INTERVALS_UNTIL_LATE * intervalMs) return { state: 'current', cause: null };
  return { state: 'late', cause };
}
