import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FreshnessFacts, judgeFreshness } from './judge';

const NOW = new Date('2026-11-23T14:03:00Z');
const INTERVAL_MS = 60_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

const CURRENT: FreshnessFacts = {
  connectionState: 'verified',
  connectionCause: null,
  historyComplete: true,
  syncState: 'complete',
  syncCause: null,
  attemptStartedAt: ago(21_000),
  attemptEndedAt: ago(20_000),
  lastCompleteAt: ago(20_000),
  dueAt: new Date(NOW.getTime() + 40_000),
};

const judge = (facts: Partial<FreshnessFacts>) => judgeFreshness({ ...CURRENT, ...facts }, NOW, INTERVAL_MS);

describe('a connected tenant', () => {
  it('is current when its last complete read is younger than two intervals', () => {
    expect(judge({})).toEqual({ state: 'current', cause: null });
    expect(judge({ lastCompleteAt: ago(2 * INTERVAL_MS) }).state).toBe('current');
    expect(judge({ lastCompleteAt: ago(2 * INTERVAL_MS + 1) }).state).toBe('late');
  });

  it('is late as soon as a read failed, with the cause that the worker gave', () => {
    expect(judge({ syncState: 'failing', syncCause: 'THROTTLED' })).toEqual({ state: 'late', cause: 'THROTTLED' });
  });

  it('is late because Microsoft does not answer when a read hangs for longer than an interval', () => {
    const hanging = { attemptStartedAt: ago(130_000), attemptEndedAt: ago(190_000), lastCompleteAt: ago(190_000) };
    expect(judge({ ...hanging, syncState: 'running' })).toEqual({ state: 'late', cause: 'NO_ANSWER' });
  });

  it('is late because of the worker when a due read was never begun', () => {
    expect(judge({ lastCompleteAt: ago(600_000), dueAt: ago(540_000) })).toEqual({
      state: 'late',
      cause: 'WORKER_SILENT',
    });
  });

  it('is stopped when somebody has to act, and when its approval is gone', () => {
    expect(judge({ syncState: 'failing', syncCause: '7000222' })).toEqual({ state: 'stopped', cause: '7000222' });
    expect(judge({ connectionState: 'revoked', connectionCause: 'REVOKED' })).toEqual({
      state: 'stopped',
      cause: 'REVOKED',
    });
  });

  it('reads its history until that is complete, and is never current before', () => {
    expect(judge({ historyComplete: false, lastCompleteAt: null, syncState: 'running' }).state).toBe('reading');
    expect(
      judge({ historyComplete: false, lastCompleteAt: null, syncState: 'failing', syncCause: 'SERVER_ERROR' }),
    ).toEqual({
      state: 'late',
      cause: 'SERVER_ERROR',
    });
  });

  it('is never called current when it is not', () => {
    const time = fc.option(fc.integer({ min: 0, max: 3_600_000 }).map(ago));
    const facts = fc.record({
      connectionState: fc.constantFrom('verified', 'degraded', 'revoked'),
      connectionCause: fc.constant(null),
      historyComplete: fc.boolean(),
      syncState: fc.constantFrom('waiting', 'running', 'complete', 'failing'),
      syncCause: fc.option(fc.constantFrom('THROTTLED', '7000215', 'NEW_CODE')),
      attemptStartedAt: time,
      attemptEndedAt: time,
      lastCompleteAt: time,
      dueAt: time,
    });
    fc.assert(
      fc.property(facts, (some) => {
        if (judgeFreshness(some, NOW, INTERVAL_MS).state !== 'current') return;
        expect(some.historyComplete && some.syncState !== 'failing' && some.connectionState !== 'revoked').toBe(true);
        expect(NOW.getTime() - (some.lastCompleteAt?.getTime() ?? 0)).toBeLessThanOrEqual(2 * INTERVAL_MS);
      }),
    );
  });
});
