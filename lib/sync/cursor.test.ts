import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticksOf } from '@/lib/ticks';
import { advanced, HISTORY_MS, OVERLAP_MS, type Progress, positionAfter, startOfRound, ticksOfMs } from './cursor';

const NOW = ticksOf('2026-11-23T12:00:00Z') ?? 0n;
const minutes = (count: number) => ticksOfMs(count * 60_000);

function progress(change: Partial<Progress>): Progress {
  return { cursorTicks: null, newestChangeTicks: null, isRoundComplete: false, idleMs: null, nowTicks: NOW, ...change };
}

test('the first round reads thirty days', () => {
  expect(startOfRound(progress({}))).toBe(NOW - ticksOfMs(HISTORY_MS));
});

test('after a complete round the next starts ten minutes before the newest change, not before now', () => {
  const newestChangeTicks = NOW - minutes(600);
  const next = progress({ cursorTicks: newestChangeTicks, newestChangeTicks, isRoundComplete: true, idleMs: 60_000 });
  expect(startOfRound(next)).toBe(newestChangeTicks - ticksOfMs(OVERLAP_MS));
});

test('a round just cut off goes on where it was, so that a long stretch is got through', () => {
  const cut = progress({ cursorTicks: NOW - minutes(90), newestChangeTicks: NOW, idleMs: 60_000 });
  expect(startOfRound(cut)).toBe(NOW - minutes(90));
});

test('a round cut off long ago goes back, because more may have appeared behind it', () => {
  const cursorTicks = NOW - minutes(90);
  const longAgo = progress({ cursorTicks, newestChangeTicks: NOW, idleMs: 3_600_000 });
  expect(startOfRound(longAgo)).toBe(cursorTicks - ticksOfMs(OVERLAP_MS));
  expect(startOfRound({ ...longAgo, idleMs: null })).toBe(cursorTicks - ticksOfMs(OVERLAP_MS));
});

test('the boundary moves to the last time seen, and ties are skipped over', () => {
  expect(positionAfter({ sinceTicks: 10n, skip: 0 }, 20n, 50)).toEqual({ sinceTicks: 20n, skip: 0 });
  expect(positionAfter({ sinceTicks: 20n, skip: 0 }, 20n, 50)).toEqual({ sinceTicks: 20n, skip: 50 });
  expect(positionAfter({ sinceTicks: 20n, skip: 50 }, 20n, 50)).toEqual({ sinceTicks: 20n, skip: 100 });
  expect(positionAfter({ sinceTicks: 20n, skip: 100 }, 21n, 50)).toEqual({ sinceTicks: 21n, skip: 0 });
});

test('a date in the future does not leap over changes still to come', () => {
  expect(advanced(5n, 100n, 50n)).toBe(50n);
  expect(advanced(5n, 40n, 50n)).toBe(40n);
  expect(advanced(45n, 40n, 50n)).toBe(45n);
  expect(advanced(null, null, 50n)).toBeNull();
});

test('paging by boundaries meets every incident, however many share a time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 0n, max: 12n }), { maxLength: 120 }),
      fc.integer({ min: 2, max: 9 }),
      (times, size) => {
        const sorted = times.toSorted((a, b) => Number(a - b)).map((ticks, id) => ({ ticks, id }));
        const met = new Set<number>();
        let position = { sinceTicks: -1n, skip: 0 };
        for (let pages = 0; pages < 500; pages++) {
          const page = sorted
            .filter(({ ticks }) => ticks >= position.sinceTicks)
            .slice(position.skip, position.skip + size);
          for (const { id } of page) met.add(id);
          const last = page.at(-1);
          if (!last || page.length < size) break;
          position = positionAfter(position, last.ticks, page.length);
        }
        expect(met.size).toBe(sorted.length);
      },
    ),
    { numRuns: 300 },
  );
});
