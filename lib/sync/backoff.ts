/** When a stream is read next. Durations only; the database adds them to its own clock. */
import { causeCodeOf, type MicrosoftError } from '@/lib/microsoft/errors';
import type { RunEnd } from './state';

const BACKOFF_MAX_MS = 15 * 60_000;
const JITTER = 0.1;
/** The budget frees one call at a time; waiting for a few saves as many runs. */
const OWN_PAUSE_MIN_MS = 5_000;

/** `random` is 0 to 1. Spreads tenants that fail together. */
function withJitter(ms: number, random: number): number {
  return ms * (1 + JITTER * random);
}

/** Asking again soon helps with none of these: somebody has to do something first. */
const NEEDS_SOMEBODY = new Set<MicrosoftError['kind']>([
  'not_approved',
  'roles_missing',
  'bad_credential',
  'app_disabled',
  'unknown_tenant',
  'no_defender',
  'wrong_tenant',
]);

/** After a good run: on the beat, however long it took. */
export function dueAfterSuccess(intervalMs: number, tookMs: number, waitMs: number, random = Math.random()): number {
  return Math.max(withJitter(intervalMs, random * 0.5) - tookMs, waitMs, 0);
}

/** Our own back-off doubles and is capped; what Microsoft asks for is never cut short. */
export function endAfterFailure(
  error: MicrosoftError,
  before: { failures: number; historyComplete: boolean },
  intervalMs: number,
  random = Math.random(),
): RunEnd {
  const isOwnBudget = error.kind === 'throttled' && error.status === null;
  if (isOwnBudget) {
    const causeCode = before.historyComplete ? 'THROTTLED' : null;
    const dueInMs = withJitter(Math.max(error.retryAfterMs ?? intervalMs, OWN_PAUSE_MIN_MS), random);
    return { state: 'waiting', causeCode, causeDetail: null, failures: before.failures, dueInMs };
  }
  const failures = before.failures + 1;
  const doubled = NEEDS_SOMEBODY.has(error.kind) ? BACKOFF_MAX_MS : intervalMs * 2 ** Math.min(failures - 1, 20);
  const ownMs = error.kind === 'throttled' && error.retryAfterMs !== null ? 0 : Math.min(doubled, BACKOFF_MAX_MS);
  return {
    state: 'failing',
    causeCode: causeCodeOf(error),
    causeDetail: error.requestId,
    failures,
    dueInMs: withJitter(Math.max(ownMs, error.retryAfterMs ?? 0), random),
  };
}
