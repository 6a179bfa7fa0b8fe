import { expect, test } from 'vitest';
import { cloudFrom } from '@/lib/cloud';
import { Secret } from '@/lib/secret';
import { MicrosoftError } from './errors';
import { type AppCredential, tokenSource } from './tokens';
import type { Answer, Exchange } from './transport';

const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';
const CLIENT = '22222222-aaaa-4aaa-8aaa-222222222222';
const GRAPH = 'https://graph.microsoft.com';

const credential: AppCredential = {
  registrationId: 'r',
  credentialId: 'c',
  clientId: CLIENT,
  proof: { kind: 'secret', secret: new Secret('hush') },
};

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

function tokenAnswer(claims: object, expiresIn = 3_600): Answer {
  const usual = { tid: TENANT, aud: GRAPH, appid: CLIENT, oid: 'sp', roles: ['SecurityIncident.Read.All'] };
  const body = { token_type: 'Bearer', expires_in: expiresIn, access_token: jwt({ ...usual, ...claims }) };
  return { status: 200, headers: new Headers(), text: JSON.stringify(body) };
}

function errorAnswer(status: number, aadsts: number, headers = {}): Answer {
  const body = { error: 'invalid_client', error_description: `AADSTS${aadsts}: no`, error_codes: [aadsts] };
  return { status, headers: new Headers(headers), text: JSON.stringify(body) };
}

/** A token source whose login endpoint gives these answers one after the other, the last one for ever. */
function answering(...answers: (Answer | MicrosoftError)[]) {
  const { cloud } = cloudFrom('global', undefined, {});
  if (!cloud) throw new Error('no cloud');
  const sent: Exchange[] = [];
  const source = tokenSource(cloud, async (exchange) => {
    sent.push(exchange);
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (!answer || answer instanceof MicrosoftError) throw answer ?? new Error('no answer');
    return answer;
  });
  return { sent, source };
}

async function kindOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof MicrosoftError ? error.kind : String(error);
}

test('a token tells its roles and whose it is, and is never printed', async () => {
  const { sent, source } = answering(tokenAnswer({}));
  const token = await source.token(TENANT, credential);
  expect(token).toMatchObject({ servicePrincipalId: 'sp', roles: ['SecurityIncident.Read.All'] });
  expect(JSON.stringify(token)).not.toContain('signature');
  expect(sent.map(({ url }) => url.split('?')[0])).toEqual([
    `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  ]);
});

test('a token of another tenant is refused', async () => {
  const { source } = answering(tokenAnswer({ tid: '33333333-aaaa-4aaa-8aaa-333333333333' }));
  expect(await kindOf(source.token(TENANT, credential))).toBe('wrong_tenant');
});

test('a token for another resource or application is refused', async () => {
  expect(await kindOf(answering(tokenAnswer({ aud: 'https://elsewhere' })).source.token(TENANT, credential))).toBe(
    'unexpected',
  );
  expect(await kindOf(answering(tokenAnswer({ appid: TENANT })).source.token(TENANT, credential))).toBe('unexpected');
});

test('a refused token is not kept for the next who asks', async () => {
  const { source } = answering(tokenAnswer({ tid: '33333333-aaaa-4aaa-8aaa-333333333333' }), tokenAnswer({}));
  await kindOf(source.token(TENANT, credential));
  expect((await source.token(TENANT, credential)).servicePrincipalId).toBe('sp');
});

test('a hundred who ask at once cause one request', async () => {
  const { sent, source } = answering(tokenAnswer({}));
  await Promise.all(Array.from({ length: 100 }, () => source.token(TENANT, credential)));
  expect(sent).toHaveLength(1);
});

test('a fresh token goes past the cache, which would keep one without roles for an hour', async () => {
  const { source } = answering(tokenAnswer({ roles: undefined }), tokenAnswer({}));
  expect((await source.token(TENANT, credential)).roles).toEqual([]);
  expect((await source.token(TENANT, credential)).roles).toEqual([]);
  expect((await source.token(TENANT, credential, { fresh: true })).roles).toHaveLength(1);
  expect((await source.token(TENANT, credential)).roles).toHaveLength(1);
});

test('two tenants never share a token', async () => {
  const other = '44444444-aaaa-4aaa-8aaa-444444444444';
  const { sent, source } = answering(tokenAnswer({}), tokenAnswer({ tid: other }));
  await source.token(TENANT, credential);
  await source.token(other, credential);
  expect(sent.map(({ url }) => url.split('/')[3])).toEqual([TENANT, other]);
});

test('a token about to end is served on while Entra is down, and not when Entra refuses', async () => {
  const down = new MicrosoftError('unreachable', 'down');
  const passing = answering(tokenAnswer({}, 200), down);
  await passing.source.token(TENANT, credential);
  expect((await passing.source.token(TENANT, credential)).servicePrincipalId).toBe('sp');
  expect(passing.sent).toHaveLength(2);

  const refusing = answering(tokenAnswer({}, 200), errorAnswer(401, 7000222));
  await refusing.source.token(TENANT, credential);
  expect(await kindOf(refusing.source.token(TENANT, credential))).toBe('bad_credential');
});

test('a token in its last minute is not served', async () => {
  const { source } = answering(tokenAnswer({}, 30), new MicrosoftError('unreachable', 'down'));
  await source.token(TENANT, credential);
  expect(await kindOf(source.token(TENANT, credential))).toBe('unreachable');
});

test.each([
  [400, 700016, 'not_approved'],
  [401, 7000229, 'not_approved'],
  [401, 7000215, 'bad_credential'],
  [400, 90002, 'unknown_tenant'],
])('a %d with AADSTS%d is %s', async (status, aadsts, kind) => {
  const { source } = answering(errorAnswer(status, aadsts));
  const error = await source.token(TENANT, credential).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind, aadsts });
});

test('an overloaded login endpoint says how long to wait, and is really asked again afterwards', async () => {
  const { sent, source } = answering(errorAnswer(503, 90033, { 'retry-after': '7' }), tokenAnswer({}));
  const error = await source.token(TENANT, credential).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'server_error', retryAfterMs: 7_000 });
  expect((await source.token(TENANT, credential)).servicePrincipalId).toBe('sp');
  expect(sent).toHaveLength(2);
});

test('a refusal that came with a wait is not answered out of memory when somebody asks again', async () => {
  const { sent, source } = answering(errorAnswer(400, 700016, { 'retry-after': '60' }), tokenAnswer({}));
  expect(await kindOf(source.token(TENANT, credential))).toBe('not_approved');
  expect((await source.token(TENANT, credential, { fresh: true })).servicePrincipalId).toBe('sp');
  expect(sent).toHaveLength(2);
});

test('a page of HTML instead of a token is a passing trouble', async () => {
  const { source } = answering({ status: 200, headers: new Headers(), text: '<html>' });
  expect(await kindOf(source.token(TENANT, credential))).toBe('server_error');
});

test('a token that a service refused is not served again', async () => {
  const { sent, source } = answering(tokenAnswer({}));
  await source.token(TENANT, credential);
  source.forget(TENANT, credential);
  await source.token(TENANT, credential);
  expect(sent).toHaveLength(2);
});
