import { expect, test } from 'vitest';
import { cloudFrom } from '@/lib/cloud';
import { Secret } from '@/lib/secret';
import { callBudget } from './budget';
import { MicrosoftError } from './errors';
import { graphSession } from './graph';
import type { AppCredential, TokenSource } from './tokens';
import type { Answer, Exchange } from './transport';

const INCIDENTS = 'https://graph.microsoft.com/v1.0/security/incidents';
const credential = {} as AppCredential;

function answer(status: number, body: unknown, headers = {}): Answer {
  return { status, headers: new Headers(headers), text: typeof body === 'string' ? body : JSON.stringify(body) };
}

function refusal(status: number, message: string, headers = {}): Answer {
  return answer(status, { error: { code: 'Forbidden', message } }, headers);
}

/** A session whose Graph gives these answers one after the other. */
function answering(...answers: Answer[]) {
  const { cloud } = cloudFrom('global', undefined, {});
  if (!cloud) throw new Error('no cloud');
  const sent: Exchange[] = [];
  let issued = 0;
  let isForgotten = true;
  const tokens: TokenSource = {
    async token() {
      if (isForgotten) issued++;
      isForgotten = false;
      return { accessToken: new Secret(`token-${issued}`), servicePrincipalId: 'sp', roles: [] };
    },
    forget() {
      isForgotten = true;
    },
  };
  const transport = async (exchange: Exchange) => {
    sent.push(exchange);
    const next = answers[sent.length - 1];
    if (!next) throw new Error('no answer');
    return next;
  };
  const budget = callBudget(50);
  const access = { cloud, transport, tokens, budget, credential, entraTenantId: 't', caller: 'background' } as const;
  return { sent, session: graphSession(access) };
}

async function failureOf(promise: Promise<unknown>): Promise<MicrosoftError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MicrosoftError);
  return error as MicrosoftError;
}

test('the list is asked for from a time on, oldest change first, at most fifty at once', async () => {
  const { sent, session } = answering(answer(200, { value: [] }), answer(200, { value: [] }));
  await session.listIncidents({ since: '2026-11-22T00:00:00.1234567Z', withAlerts: false });
  await session.listIncidents({ since: '2026-11-22T00:00:00Z', skip: 50, withAlerts: true });
  expect(sent.map(({ url }) => decodeURIComponent(url))).toEqual([
    `${INCIDENTS}?$filter=lastUpdateDateTime ge 2026-11-22T00:00:00.1234567Z&$orderby=lastUpdateDateTime asc&$top=50`,
    `${INCIDENTS}?$filter=lastUpdateDateTime ge 2026-11-22T00:00:00Z&$orderby=lastUpdateDateTime asc&$top=50&$skip=50&$expand=alerts`,
  ]);
  expect(sent[0]?.headers).toMatchObject({ prefer: 'include-unknown-enum-members', authorization: 'Bearer token-1' });
});

test('records keep their exact text', async () => {
  const { session } = answering(answer(200, '{"value":[{"id":"1","n":1.50},{"id":"2"}]}'));
  const page = await session.listIncidents({ since: 'x', withAlerts: false });
  expect(page.records.map(({ text }) => text)).toEqual(['{"id":"1","n":1.50}', '{"id":"2"}']);
});

test.each([
  'https://graph.attacker.example/v1.0/security/incidents?$skip=50',
  'https://graph.microsoft.com/v1.0/security/alerts_v2?$skip=50',
  'http://graph.microsoft.com/v1.0/security/incidents?$skip=50',
  'not a link',
])('a nextLink to another place is not followed: %s', async (link) => {
  const { sent, session } = answering(answer(200, { value: [{ id: '1' }], '@odata.nextLink': link }));
  const page = await session.listIncidents({ since: 'x', withAlerts: false });
  expect(page.records).toHaveLength(1);
  expect((await failureOf(session.listMore(page))).kind).toBe('unexpected');
  expect(sent).toHaveLength(1);
});

test('206 and a Warning header both say that something is missing', async () => {
  const query = { since: 'x', withAlerts: false };
  expect((await answering(answer(206, { value: [] })).session.listIncidents(query)).isPartial).toBe(true);
  const warned = answering(answer(200, { value: [] }, { warning: '199 - "Microsoft/Defender/504/10000"' }));
  expect((await warned.session.listIncidents(query)).isPartial).toBe(true);
  expect((await answering(answer(200, { value: [] })).session.listIncidents(query)).isPartial).toBe(false);
});

test('a refused token is replaced once', async () => {
  const { sent, session } = answering(refusal(401, 'expired'), answer(200, { value: [] }));
  await session.newestIncident();
  expect(sent.map(({ headers }) => headers?.['authorization'])).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test('a token that is refused again is an error', async () => {
  const { session } = answering(refusal(401, 'no'), refusal(401, 'no'));
  expect((await failureOf(session.newestIncident())).kind).toBe('unauthorized');
});

test.each([
  [403, 'Unauthorized request - Account is not provisioned.', 'no_defender'],
  [401, 'Unauthorized request - reason of failure: Account mode is inactive', 'no_defender'],
  [403, 'Missing application roles. API required roles: SecurityIncident.Read.All.', 'roles_missing'],
  [404, 'not found', 'not_found'],
  [400, 'The query specified in the URI is not valid.', 'refused'],
  [500, 'UnknownError', 'server_error'],
])('a %d "%s" is %s', async (status, message, kind) => {
  expect((await failureOf(answering(refusal(status, message)).session.newestIncident())).kind).toBe(kind);
});

test('after a Retry-After nothing more is sent until it is over', async () => {
  const { sent, session } = answering(refusal(429, 'slow down', { 'retry-after': '60' }));
  expect((await failureOf(session.newestIncident())).retryAfterMs).toBe(60_000);
  const second = await failureOf(session.newestIncident());
  expect(second.kind).toBe('throttled');
  expect(second.retryAfterMs).toBeGreaterThan(59_000);
  expect(sent).toHaveLength(1);
});

test('cut-off JSON is a passing trouble', async () => {
  const { session } = answering(answer(200, '{"value":[{"id":'));
  expect((await failureOf(session.newestIncident())).kind).toBe('server_error');
});
