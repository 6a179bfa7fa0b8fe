/** Recorded refusals, through the product's own clients (MSAL included) to the kind and the code that pages explain. */
import { describe, expect, inject, test } from 'vitest';
import { causeCodeOf, MicrosoftError } from '@/lib/microsoft/errors';
import { credential, entraAnswering, graphAnswering } from './microsoft';
import { payloadsIn, type RecordedError } from './payloads';

const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';
const { graphErrors, entraErrors } = payloadsIn(inject('samplesFolder'));

/** What each number asks of whom; https://learn.microsoft.com/entra/identity-platform/reference-error-codes. */
const BY_AADSTS: Record<number, string> = {
  700016: 'not_approved NOT_APPROVED',
  7000229: 'not_approved NOT_APPROVED',
  7000215: 'bad_credential 7000215',
  7000222: 'bad_credential 7000222',
  700027: 'bad_credential 700027',
  7000112: 'app_disabled 7000112',
  90002: 'unknown_tenant 90002',
  500011: 'no_defender NO_DEFENDER',
  900144: 'refused 900144',
};

/** https://learn.microsoft.com/graph/errors */
const BY_STATUS: Record<number, string> = {
  400: 'refused UNEXPECTED_ANSWER',
  401: 'unauthorized UNEXPECTED_ANSWER',
  403: 'roles_missing ROLE_MISSING',
  404: 'not_found UNEXPECTED_ANSWER',
  429: 'throttled THROTTLED',
  500: 'server_error SERVER_ERROR',
  503: 'server_error SERVER_ERROR',
};

const INACTIVE = /not provisioned|mode is inactive|no tvm license/i;

function expectedOf({ status, wire }: RecordedError): string | undefined {
  const { message } = wire['error'] as { message: string };
  return INACTIVE.test(message) ? 'no_defender NO_DEFENDER' : BY_STATUS[status];
}

async function reading(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  return error instanceof MicrosoftError ? `${error.kind} ${causeCodeOf(error)}` : String(error);
}

test('the samples hold refusals of Entra and of Graph', () => {
  expect(entraErrors.length).toBeGreaterThan(0);
  expect(graphErrors.length).toBeGreaterThan(0);
});

describe('a refusal of Entra is read by its number', () => {
  test.each(entraErrors)('$name', async ({ node, status, wire }) => {
    const [aadsts] = wire['error_codes'] as number[];
    const expected = BY_AADSTS[aadsts ?? 0];
    expect(expected, `nobody said what AADSTS${aadsts} means`).toBeDefined();
    expect(await reading(entraAnswering(status, node.text).token(TENANT, credential))).toBe(expected);
  });
});

describe('a refusal of Graph is read by its status and words', () => {
  test.each(graphErrors)('$name', async (recorded) => {
    const expected = expectedOf(recorded);
    expect(expected, `nobody said what ${recorded.status} means`).toBeDefined();
    const session = graphAnswering(recorded.status, recorded.node.text);
    expect(await reading(session.newestIncident())).toBe(expected);
  });
});
