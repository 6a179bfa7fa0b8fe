import { generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../state/self-signed-certificate.ts';
import {
  type CloudUnderTest,
  CUSTOMER_TENANT,
  claimsOf,
  HOME_TENANT,
  OTHER_TENANT,
  READER_APP,
  SECRET,
  startConnected,
} from '../testing/cloud-under-test.ts';

const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';

function certificate() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = selfSignedCertificate(privateKey, 'partner', 30);
  const thumbprint = new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  return { privateKey, pem, thumbprint, keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** msal-node as it is, sent here by `authorityMetadata` alone. */
function msal(cloud: CloudUnderTest, credential: object) {
  const base = `${cloud.emulator.loginOrigin}/{tenantid}`;
  return new ConfidentialClientApplication({
    auth: {
      clientId: READER_APP,
      authority: `https://login.microsoftonline.com/${CUSTOMER_TENANT}`,
      authorityMetadata: JSON.stringify({
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
        end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      }),
      ...credential,
    },
  });
}

describe('app-only tokens', () => {
  test('carry no scope, no refresh token, and live 60 to 90 minutes', async () => {
    const { cloud } = await startConnected();
    const { status, body, headers } = await cloud.token(CUSTOMER_TENANT);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type']);
    expect(body.expires_in).toBeGreaterThanOrEqual(3599);
    expect(body.expires_in).toBeLessThan(5400);
    expect(headers.get('cache-control')).toContain('no-store');
  });

  test('put the tenant as a GUID into tid when the path has its domain', async () => {
    const { cloud } = await startConnected();
    expect(claimsOf(await cloud.accessToken('customer.example'))['tid']).toBe(CUSTOMER_TENANT);
  });

  test('are had with Basic, both parts form-encoded', async () => {
    const { cloud } = await startConnected();
    const encode = (text: string) => new URLSearchParams({ v: text }).toString().slice(2);
    const authorization = `Basic ${Buffer.from(`${READER_APP}:${encode(SECRET)}`).toString('base64')}`;
    const fields = { client_id: null, client_secret: null };
    expect((await cloud.token(CUSTOMER_TENANT, fields, undefined, { authorization })).status).toBe(200);
  });

  test('come from v1 with numbers as texts and the audience as asked', async () => {
    const { cloud } = await startConnected();
    const fields = { scope: null, resource: 'https://graph.microsoft.com/' };
    const { body } = await cloud.token(CUSTOMER_TENANT, fields, 'oauth2/token');
    expect(body.expires_in).toMatch(/^\d+$/);
    expect(Number(body.expires_on) - Number(body.not_before)).toBe(Number(body.expires_in));
    expect(claimsOf(body.access_token)['aud']).toBe('https://graph.microsoft.com/');
  });

  test('hold roles of the asked resource only', async () => {
    const { cloud } = await startConnected();
    const { body } = await cloud.token(CUSTOMER_TENANT, { scope: 'https://api.security.microsoft.com/.default' });
    expect(claimsOf(body.access_token)).not.toHaveProperty('roles');
  });

  test('are refused after revocation as the application not being found', async () => {
    const { cloud, token } = await startConnected();
    await cloud.control('DELETE', `/tenants/${CUSTOMER_TENANT}/service-principals/${READER_APP}`);
    expect((await cloud.token(CUSTOMER_TENANT)).body).toMatchObject({
      error: 'unauthorized_client',
      error_codes: [700016],
    });
    // A token that is out lives on until it expires.
    expect((await cloud.graph(token, '/security/incidents')).status).toBe(200);
  });

  test('are refused while the customer has disabled the application', async () => {
    const { cloud } = await startConnected();
    await cloud.control('PATCH', `/tenants/${CUSTOMER_TENANT}/service-principals/${READER_APP}`, { disabled: true });
    expect((await cloud.token(CUSTOMER_TENANT)).body).toMatchObject({
      error: 'unauthorized_client',
      error_codes: [7000112],
    });
  });

  test.each([
    ['an unknown tenant', OTHER_TENANT, {}, 400, 'invalid_request', 90002],
    ['an unknown application', CUSTOMER_TENANT, { client_id: OTHER_TENANT }, 400, 'unauthorized_client', 700016],
    ['a wrong secret', CUSTOMER_TENANT, { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['no secret', CUSTOMER_TENANT, { client_secret: null }, 401, 'invalid_client', 7000218],
    [
      'a scope that is one permission',
      CUSTOMER_TENANT,
      { scope: 'https://graph.microsoft.com/User.Read' },
      400,
      'invalid_scope',
      70011,
    ],
    [
      'two resources',
      CUSTOMER_TENANT,
      { scope: `${GRAPH_SCOPE} https://api.security.microsoft.com/.default` },
      400,
      'invalid_request',
      700022,
    ],
    [
      'an unknown resource',
      CUSTOMER_TENANT,
      { scope: 'https://nothing.example/.default' },
      400,
      'invalid_resource',
      500011,
    ],
    ['another grant', CUSTOMER_TENANT, { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['no client id', CUSTOMER_TENANT, { client_id: null }, 400, 'invalid_request', 900144],
  ])('answer %s with its number', async (_what, tid, fields, status, error, code) => {
    const { cloud } = await startConnected({});
    const correlation = randomUUID();
    const answer = await cloud.token(tid, fields, undefined, { 'client-request-id': correlation });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_codes: [code], correlation_id: correlation });
    expect(answer.body.error_description).toMatch(
      new RegExp(
        `^AADSTS${code}: .* Trace ID: ${answer.body.trace_id} Correlation ID: ${correlation} Timestamp: ${answer.body.timestamp}$`,
        's',
      ),
    );
    expect(answer.body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(answer.body.error_uri).toBe(`${cloud.emulator.loginOrigin}/error?code=${code}`);
    expect(answer.headers.get('x-ms-request-id')).toBe(answer.body.trace_id);
  });

  test('tell an expired secret from a wrong one', async () => {
    const { cloud } = await startConnected({});
    await cloud.application({
      secrets: [{ value: SECRET, expires: '2020-01-01T00:00:00Z' }, { value: 'the new one' }],
    });
    expect((await cloud.token(CUSTOMER_TENANT)).body.error_codes).toEqual([7000222]);
    expect((await cloud.token(CUSTOMER_TENANT, { client_secret: 'the new one' })).status).toBe(200);
  });

  test('are not for a single-tenant application abroad', async () => {
    const { cloud } = await startConnected({}, {});
    await cloud.application({ signInAudience: 'AzureADMyOrg' });
    expect((await cloud.token(CUSTOMER_TENANT)).body.error_codes).toEqual([700016]);
    expect((await cloud.token(HOME_TENANT)).status).toBe(200);
  });
});

describe('msal-node, unmodified', () => {
  test('gets a token with a secret and serves it from its cache', async () => {
    const { cloud } = await startConnected();
    const client = msal(cloud, { clientSecret: SECRET });
    const first = await client.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    const second = await client.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    expect(claimsOf(first?.accessToken ?? '')['tid']).toBe(CUSTOMER_TENANT);
    expect(second?.fromCache).toBe(true);
  });

  test('gets a token with a registered certificate, and appidacr says so', async () => {
    const own = certificate();
    const { cloud } = await startConnected({}, { certificates: [own.pem] });
    const client = msal(cloud, { clientCertificate: { thumbprintSha256: own.thumbprint, privateKey: own.keyPem } });
    const result = await client.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    expect(claimsOf(result?.accessToken ?? '')['appidacr']).toBe('2');
  });

  test('is refused with a certificate that is not registered', async () => {
    const { cloud } = await startConnected({}, { certificates: [certificate().pem] });
    const stranger = certificate();
    const client = msal(cloud, {
      clientCertificate: { thumbprintSha256: stranger.thumbprint, privateKey: stranger.keyPem },
    });
    await expect(client.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] })).rejects.toMatchObject({
      errorNo: 700027,
      status: 401,
    });
  });

  test('sees the number of a refusal', async () => {
    const { cloud } = await startConnected();
    const client = msal(cloud, { clientSecret: 'wrong' });
    await expect(client.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] })).rejects.toMatchObject({
      errorNo: 7000215,
    });
  });
});

describe('client assertions', () => {
  async function assertion(own: ReturnType<typeof certificate>, audience: string, algorithm: string, expires: string) {
    const header = { alg: algorithm, 'x5t#S256': Buffer.from(own.thumbprint, 'hex').toString('base64url') };
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader(header)
      .setIssuer(READER_APP)
      .setSubject(READER_APP)
      .setAudience(audience)
      .setNotBefore('2 minutes')
      .setExpirationTime(expires)
      .sign(own.privateKey);
  }

  test.each([
    ['PS256 within five minutes of clock difference', 'PS256', '', '10 minutes', 200],
    ['RS256', 'RS256', '', '10 minutes', 200],
    ['another audience', 'PS256', '/elsewhere', '10 minutes', 401],
    ['an assertion of an hour ago', 'PS256', '', '-1 hour', 401],
  ])('%s', async (_what, algorithm, suffix, expires, status) => {
    const own = certificate();
    const { cloud } = await startConnected({}, { certificates: [own.pem] });
    const audience = `${cloud.emulator.loginOrigin}/${CUSTOMER_TENANT}/oauth2/v2.0/token${suffix}`;
    const answer = await cloud.token(CUSTOMER_TENANT, {
      client_secret: null,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(own, audience, algorithm, expires),
    });
    expect(answer.status).toBe(status);
  });
});
