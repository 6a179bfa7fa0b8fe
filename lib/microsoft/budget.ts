/** Calls that one tenant may still be asked for. */
import { MicrosoftError } from './errors';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
// Microsoft's limits for the incidents API: 50 calls a minute and 1,500 an hour for one tenant
// (https://learn.microsoft.com/defender-xdr/api-list-incidents).
const MINUTES_OF_AN_HOUR = 30;
// One call in five is kept for what people ask for (refresh, write-back).
const SHARE_OF_BACKGROUND = 0.8;

/** `background` keeps a share of the budget untouched; `person` may use all of it. */
export type Caller = 'background' | 'person';

/** Refuses locally, with the wait, what Microsoft would refuse; never lets a call pass before a `Retry-After` is over. */
export interface CallBudget {
  /** What the background may use in a minute. */
  readonly perMinute: number;
  /** Counts one call, or throws `throttled` with the wait. */
  take(caller: Caller): void;
  /** Calls that the background has left right now. */
  left(): number;
  /** Nothing is sent before this much time has passed. */
  waitAtLeast(waitMs: number): void;
}

/** `nowMs` must never go backwards; the system's monotonic clock by default. */
export function callBudget(callsPerMinute: number, nowMs: () => number = () => performance.now()): CallBudget {
  const minuteOf = {
    person: callsPerMinute,
    background: Math.max(1, Math.floor(callsPerMinute * SHARE_OF_BACKGROUND)),
  };
  let calls: number[] = [];
  let blockedUntilMs = 0;

  function waitMs(caller: Caller): number {
    const now = nowMs();
    calls = calls.filter((at) => at > now - HOUR_MS);
    const perMinute = minuteOf[caller];
    const minuteFull = (calls.at(-perMinute) ?? Number.NEGATIVE_INFINITY) + MINUTE_MS - now;
    const hourFull = (calls.at(-perMinute * MINUTES_OF_AN_HOUR) ?? Number.NEGATIVE_INFINITY) + HOUR_MS - now;
    return Math.max(0, blockedUntilMs - now, minuteFull, hourFull);
  }

  return {
    perMinute: minuteOf.background,
    take(caller) {
      const wait = waitMs(caller);
      if (wait > 0) {
        const details = { retryAfterMs: Math.ceil(wait) };
        throw new MicrosoftError('throttled', 'The budget of this tenant is used up', details);
      }
      calls.push(nowMs());
    },
    left() {
      if (waitMs('background') > 0) return 0;
      const now = nowMs();
      const inMinute = calls.filter((at) => at > now - MINUTE_MS).length;
      const { background } = minuteOf;
      return Math.min(background - inMinute, background * MINUTES_OF_AN_HOUR - calls.length);
    },
    waitAtLeast(wait) {
      blockedUntilMs = Math.max(blockedUntilMs, nowMs() + wait);
    },
  };
}
