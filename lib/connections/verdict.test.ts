import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from './finding';
import { type ConnectionBefore, type ConnectionState, verdictOn } from './verdict';

const PROBE_MS = 600_000;
const DAY_QUARTER_MS = 15 * 60_000;

function before(state: ConnectionState, change: Partial<ConnectionBefore> = {}): ConnectionBefore {
  return {
    state,
    causeCode: null,
    causeDetail: null,
    attempts: 1,
    windowLeftMs: 300_000,
    isApprovedAnew: false,
    ...change,
  };
}

const granted = (missingRoles: string[] = []): Finding => ({
  kind: 'granted',
  servicePrincipalId: 'sp',
  roles: ['SecurityIncident.Read.All'],
  missingRoles,
});
const noPrincipal: Finding = { kind: 'no_principal' };
const noRoles: Finding = { kind: 'no_roles', servicePrincipalId: 'sp' };
const failed = (causeCode: string, isFinal: boolean, retryAfterMs: number | null = null): Finding => ({
  kind: 'failed',
  causeCode,
  isFinal,
  retryAfterMs,
});

test('all roles and a live row make a connection verified, from every state', () => {
  for (const state of ['invited', 'consented', 'degraded', 'revoked', 'verified'] as const) {
    expect(verdictOn(before(state), granted(), PROBE_MS)).toEqual({
      state: 'verified',
      causeCode: null,
      causeDetail: null,
      dueInMs: PROBE_MS,
    });
  }
});

test('missing roles are named, and looked for again soon while Entra may still be replicating', () => {
  const finding = granted(['SecurityAlert.Read.All']);
  expect(verdictOn(before('consented'), finding, PROBE_MS)).toEqual({
    state: 'degraded',
    causeCode: 'ROLE_MISSING',
    causeDetail: 'SecurityAlert.Read.All',
    dueInMs: 1_000,
  });
  expect(verdictOn(before('degraded', { windowLeftMs: 0 }), finding, PROBE_MS).dueInMs).toBe(PROBE_MS);
});

test.each([
  [noPrincipal, 'WAITING_FOR_MICROSOFT', 'NOT_APPROVED'],
  [noRoles, 'WAITING_FOR_ROLES', 'ROLES_MISSING'],
  [failed('UNREACHABLE', false), 'UNREACHABLE', 'UNREACHABLE'],
])('while Entra has time it is waited for, and then said what was missing: %j', (finding, now, atEnd) => {
  expect(verdictOn(before('consented'), finding, PROBE_MS)).toMatchObject({ state: 'consented', causeCode: now });
  expect(verdictOn(before('consented', { windowLeftMs: 0 }), finding, PROBE_MS)).toEqual({
    state: 'consented',
    causeCode: atEnd,
    causeDetail: null,
    dueInMs: null,
  });
});

test('looks come fast first and slower later', () => {
  const gaps = [1, 2, 3, 4, 5, 6, 7, 30].map(
    (attempts) => verdictOn(before('consented', { attempts }), noPrincipal, PROBE_MS).dueInMs,
  );
  expect(gaps).toEqual([1_000, 2_000, 3_000, 5_000, 5_000, 10_000, 15_000, 15_000]);
});

test('the last look comes right after the window closes', () => {
  const verdict = verdictOn(before('consented', { attempts: 9, windowLeftMs: 400 }), noPrincipal, PROBE_MS);
  expect(verdict.dueInMs).toBe(500);
});

test('a secret that is wrong is said at once and asked for no more', () => {
  expect(verdictOn(before('consented'), failed('7000215', true), PROBE_MS)).toEqual({
    state: 'consented',
    causeCode: '7000215',
    causeDetail: null,
    dueInMs: null,
  });
});

test('a grant that is gone revokes, and is looked at seldom from then on', () => {
  for (const finding of [noPrincipal, noRoles]) {
    for (const state of ['verified', 'degraded', 'revoked'] as const) {
      expect(verdictOn(before(state), finding, 30_000)).toEqual({
        state: 'revoked',
        causeCode: 'REVOKED',
        causeDetail: null,
        dueInMs: DAY_QUARTER_MS,
      });
    }
  }
});

test('a revoked grant that was approved anew waits for Microsoft, and is revoked again when that took too long', () => {
  const anew = before('revoked', { causeCode: 'REVOKED', isApprovedAnew: true });
  expect(verdictOn(anew, noPrincipal, 30_000)).toEqual({
    state: 'revoked',
    causeCode: 'WAITING_FOR_MICROSOFT',
    causeDetail: null,
    dueInMs: 1_000,
  });
  expect(verdictOn({ ...anew, windowLeftMs: 0 }, noRoles, 30_000)).toMatchObject({ causeCode: 'REVOKED' });
  expect(verdictOn(anew, granted(), 30_000)).toMatchObject({ state: 'verified', causeCode: null });
});

test('a passing trouble says nothing about a grant that stood', () => {
  const degraded = before('degraded', { causeCode: 'ROLE_MISSING', causeDetail: 'SecurityAlert.Read.All' });
  expect(verdictOn(degraded, failed('UNREACHABLE', false), PROBE_MS)).toMatchObject({
    state: 'degraded',
    causeCode: 'ROLE_MISSING',
    causeDetail: 'SecurityAlert.Read.All',
  });
});

test('an expired secret does not revoke what customers granted', () => {
  expect(verdictOn(before('verified'), failed('7000222', true), PROBE_MS)).toMatchObject({
    state: 'verified',
    causeCode: '7000222',
    dueInMs: DAY_QUARTER_MS,
  });
});

test('no look comes before Microsoft wants it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ConnectionState>('consented', 'verified', 'degraded', 'revoked'),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 600_000 }),
      fc.integer({ min: 0, max: 3_600_000 }),
      (state, attempts, windowLeftMs, retryAfterMs) => {
        const finding = failed('THROTTLED', false, retryAfterMs);
        const { dueInMs } = verdictOn(before(state, { attempts, windowLeftMs }), finding, PROBE_MS);
        expect(dueInMs).toBeGreaterThanOrEqual(retryAfterMs);
      },
    ),
  );
});
