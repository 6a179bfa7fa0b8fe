/** Where a round of reading starts and goes on. Positions are Microsoft's own times, never our clock's. */

const TICKS_PER_MS = 10_000n;
const DAY_MS = 24 * 3_600_000;

/** Incidents older than this when a customer joins are not read. */
export const HISTORY_MS = 30 * DAY_MS;
/**
 * How far behind the newest change a round starts. Incidents become visible late and out of order; what was read before
 * is recognised and costs nothing to meet again.
 */
export const OVERLAP_MS = 10 * 60_000;
/** A round cut off longer ago than this starts from behind its position again: more may have appeared there. */
const RESUME_WITHIN_MS = 2 * 60_000;

export interface Progress {
  cursorTicks: bigint | null;
  newestChangeTicks: bigint | null;
  /** The last round reached the end of the list. */
  isRoundComplete: boolean;
  /** Since the last attempt ended, by the database's clock; null when there was none. */
  idleMs: number | null;
  /** The database's clock, which bounds the first round only. */
  nowTicks: bigint;
}

export function ticksOfMs(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * TICKS_PER_MS;
}

/** The position, in ticks, from which the next page is asked for (at or after). */
export function startOfRound(progress: Progress): bigint {
  const { cursorTicks, newestChangeTicks, isRoundComplete, idleMs, nowTicks } = progress;
  if (cursorTicks === null) return nowTicks - ticksOfMs(HISTORY_MS);
  if (isRoundComplete) return (newestChangeTicks ?? cursorTicks) - ticksOfMs(OVERLAP_MS);
  // Going back each time would never get past a stretch with more incidents than one budget reads.
  const isJustCutOff = idleMs !== null && idleMs < RESUME_WITHIN_MS;
  return isJustCutOff ? cursorTicks : cursorTicks - ticksOfMs(OVERLAP_MS);
}

export interface Position {
  sinceTicks: bigint;
  /** Rows of exactly `sinceTicks` that were already read: ties can only be paged by `$skip`. */
  skip: number;
}

/**
 * The position after a page whose last row changed at `lastTicks`. Paging by `$skip` alone stops working on large
 * tenants, so the boundary is moved to the last time seen and `$skip` serves ties only.
 */
export function positionAfter(position: Position, lastTicks: bigint, rows: number): Position {
  if (lastTicks > position.sinceTicks) return { sinceTicks: lastTicks, skip: 0 };
  return { sinceTicks: position.sinceTicks, skip: position.skip + rows };
}

/** The later of two times, but never later than Microsoft's own clock: a wrong date must not leap over real changes. */
export function advanced(current: bigint | null, seen: bigint | null, serverTicks: bigint | null): bigint | null {
  if (seen === null) return current;
  const bounded = serverTicks !== null && seen > serverTicks ? serverTicks : seen;
  return current === null || bounded > current ? bounded : current;
}
