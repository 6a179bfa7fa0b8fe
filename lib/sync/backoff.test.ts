import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MicrosoftError } from '@/lib/microsoft/errors';
import { dueAfterSuccess, endAfterFailure } from './backoff';

const INTERVAL_MS = 60_000;
const before = (failures: number, historyComplete = true) => ({ failures, historyComplete });

test('after a good run the next comes on the beat, however long it took', () => {
  expect(dueAfterSuccess(INTERVAL_MS, 20_000, 0, 0)).toBe(40_000);
  expect(dueAfterSuccess(INTERVAL_MS, 90_000, 0, 0)).toBe(0);
});

test('after a good run Microsoft’s wait is kept too', () => {
  expect(dueAfterSuccess(INTERVAL_MS, 20_000, 300_000, 0)).toBe(300_000);
});

test('our own back-off doubles and ends at a quarter of an hour', () => {
  const dues = [0, 1, 2, 3, 4, 30].map(
    (failures) => endAfterFailure(new MicrosoftError('server_error', 'x'), before(failures), INTERVAL_MS, 0).dueInMs,
  );
  expect(dues).toEqual([60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
});

test('Microsoft’s wait is never cut short, not even an hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.nat(50),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (retryAfterMs, failures, random) => {
        for (const kind of ['throttled', 'server_error'] as const) {
          const error = new MicrosoftError(kind, 'x', { status: 429, retryAfterMs });
          expect(endAfterFailure(error, before(failures), INTERVAL_MS, random).dueInMs).toBeGreaterThanOrEqual(
            retryAfterMs,
          );
        }
      },
    ),
  );
});

test('what somebody must repair first is asked for four times an hour at most', () => {
  for (const kind of ['not_approved', 'bad_credential', 'app_disabled', 'wrong_tenant', 'no_defender'] as const) {
    const end = endAfterFailure(new MicrosoftError(kind, 'x', { aadsts: 7000222 }), before(0), INTERVAL_MS, 0);
    expect(end).toMatchObject({ state: 'failing', dueInMs: 900_000 });
  }
});

test('waiting for our own budget is no failure, and in the first fill not even a cause', () => {
  const own = new MicrosoftError('throttled', 'x', { retryAfterMs: 20_000 });
  expect(endAfterFailure(own, before(0, false), INTERVAL_MS, 0)).toEqual({
    state: 'waiting',
    causeCode: null,
    causeDetail: null,
    failures: 0,
    dueInMs: 20_000,
  });
  expect(endAfterFailure(own, before(0, true), INTERVAL_MS, 0).causeCode).toBe('THROTTLED');
});
