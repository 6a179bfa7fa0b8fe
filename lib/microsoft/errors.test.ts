import { expect, test } from 'vitest';
import { aadstsOf, causeCodeOf, kindOfAadsts, MicrosoftError, retryAfterMsOf } from './errors';

test.each([
  [700016, 'not_approved'],
  [7000229, 'not_approved'],
  [7000215, 'bad_credential'],
  [7000222, 'bad_credential'],
  [700027, 'bad_credential'],
  [7000112, 'app_disabled'],
  [90002, 'unknown_tenant'],
  [53003, 'refused'],
])('AADSTS%d means %s', (aadsts, kind) => {
  expect(kindOfAadsts(aadsts)).toBe(kind);
});

test('the number is found in old and new forms of the text', () => {
  expect(aadstsOf('AADSTS7000215: Invalid client secret provided. Trace ID: …')).toBe(7000215);
  expect(aadstsOf('AADSTS90002: Tenant not found.\r\nTrace ID: …')).toBe(90002);
  expect(aadstsOf('Something else')).toBeNull();
});

test('a credential trouble is told by its number, so that the page can say what to do', () => {
  expect(causeCodeOf(new MicrosoftError('bad_credential', 'x', { aadsts: 7000222 }))).toBe('7000222');
  expect(causeCodeOf(new MicrosoftError('unexpected', 'x'))).toBe('UNEXPECTED_ANSWER');
});

test('Retry-After is understood as seconds', () => {
  expect(retryAfterMsOf(new Headers({ 'retry-after': '3600' }))).toBe(3_600_000);
});

test('Retry-After as a date counts from the clock of the server that sent it', () => {
  const headers = new Headers({
    'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT',
    date: 'Mon, 23 Nov 2026 10:00:00 GMT',
  });
  expect(retryAfterMsOf(headers, Date.parse('2030-01-01T00:00:00Z'))).toBe(30_000);
});

test('an unreadable or missing Retry-After says nothing', () => {
  expect(retryAfterMsOf(new Headers({ 'retry-after': 'soon' }))).toBeUndefined();
  expect(retryAfterMsOf(new Headers())).toBeUndefined();
});

test('only troubles that pass by themselves are worth a retry', () => {
  const kinds = ['throttled', 'unreachable', 'server_error', 'bad_credential', 'wrong_tenant', 'refused'] as const;
  expect(kinds.filter((kind) => new MicrosoftError(kind, 'x').retryable)).toEqual([
    'throttled',
    'unreachable',
    'server_error',
  ]);
});
