/** Calls that one tenant may still be asked for. */
import { MicrosoftError } from './errors';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
// Microsoft's limits for the incidents API: 50 calls a minute and 1,500 an hour for one tenant
// (https://learn.microsoft.com/defender-xdr/api-list-incidents).
const MINUTES_OF_AN_HOUR = 30;
// One call in five is kept for what people ask for (refresh, write-back).
const SHARE_OF_BACKGROUND = 0.8;

/** Refuses locally, with the wait, what Microsoft would refuse; never lets a call pass before a `Retry-After` is over. */
export interface CallBudget {
  /** Counts one call, or throws `throttled` with the wait. */
  take(): void;
  /** Calls left right now. */
  left(): number;
  /** Nothing is sent before this much time has passed. */
  waitAtLeast(waitMs: number): void;
}

/** `nowMs` must never go backwards; the system's monotonic clock by default. */
export function callBudget(callsPerMinute: number, nowMs: () => number = () => performance.now()): CallBudget {
  const perMinute = Math.max(1, Math.floor(callsPerMinute * SHARE_OF_BACKGROUND));
  const perHour = perMinute * MINUTES_OF_AN_HOUR;
  let calls: number[] = [];
  let blockedUntilMs = 0;

  function waitMs(): number {
    const now = nowMs();
    calls = calls.filter((at) => at > now - HOUR_MS);
    const blocked = blockedUntilMs - now;
    const minuteFull = (calls.at(-perMinute) ?? Number.NEGATIVE_INFINITY) + MINUTE_MS - now;
    const hourFull = (calls.at(-perHour) ?? Number.NEGATIVE_INFINITY) + HOUR_MS - now;
    return Math.max(0, blocked, minuteFull, hourFull);
  }

  return {
    take() {
      const wait = waitMs();
      if (wait > 0) {
        throw new MicrosoftError('throttled', 'The budget of this tenant is used up', {
          retryAfterMs: Math.ceil(wait),
        });
      }
      calls.push(nowMs());
    },
    left() {
      if (waitMs() > 0) return 0;
      const now = nowMs();
      const inMinute = calls.filter((at) => at > now - MINUTE_MS).length;
      return Math.min(perMinute - inMinute, perHour - calls.length);
    },
    waitAtLeast(wait) {
      blockedUntilMs = Math.max(blockedUntilMs, nowMs() + wait);
    },
  };
}
