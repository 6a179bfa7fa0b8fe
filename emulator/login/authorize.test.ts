import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  CALLBACK,
  CUSTOMER_TENANT,
  claimsOf,
  HOME_TENANT,
  READ_ROLES,
  READER_APP,
  SECRET,
  SIGN_IN_APP,
  startCloud,
  Visitor,
} from '../testing/cloud-under-test.ts';

const SIGN_IN_CALLBACK = 'http://127.0.0.1:3999/auth/callback';
const ANALYST = 'ana@partner.example';

async function startSignIn() {
  const cloud = await startCloud();
  const users = [{ userPrincipalName: ANALYST, displayName: 'Ana Lyst' }];
  await cloud.tenant(HOME_TENANT, { users });
  await cloud.tenant(CUSTOMER_TENANT);
  await cloud.application();
  await cloud.application(
    { signInAudience: 'AzureADMyOrg', requiredRoles: [], redirectUris: [SIGN_IN_CALLBACK] },
    SIGN_IN_APP,
  );
  const verifier = randomBytes(32).toString('base64url');
  const parameters = {
    client_id: SIGN_IN_APP,
    response_type: 'code',
    redirect_uri: SIGN_IN_CALLBACK,
    scope: 'openid profile email offline_access',
    state: 'st&te',
    nonce: 'n-0',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const url = (changes: Record<string, string> = {}, place = HOME_TENANT) =>
    `${cloud.emulator.loginOrigin}/${place}/oauth2/v2.0/authorize?${new URLSearchParams({ ...parameters, ...changes })}`;
  const signIn = async (changes: Record<string, string> = {}, username = ANALYST) => {
    const visitor = new Visitor();
    await visitor.open(url(changes));
    return visitor.submit({ username });
  };
  const redeem = (code: string, changes: Record<string, string | null> = {}) =>
    cloud.token(HOME_TENANT, {
      grant_type: 'authorization_code',
      client_id: SIGN_IN_APP,
      client_secret: SECRET,
      scope: null,
      code,
      redirect_uri: SIGN_IN_CALLBACK,
      code_verifier: verifier,
      ...changes,
    });
  return { cloud, url, signIn, redeem };
}

function codeOf(answer: { headers: Headers }): string {
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

describe('discovery', () => {
  test('names a concrete issuer on its own origin, for a GUID and for a domain', async () => {
    const { cloud } = await startSignIn();
    const { loginOrigin } = cloud.emulator;
    for (const place of [HOME_TENANT, 'partner.example']) {
      const response = await fetch(`${loginOrigin}/${place}/v2.0/.well-known/openid-configuration`);
      expect(response.headers.get('cache-control')).toBe('max-age=86400, private');
      expect(await response.json()).toMatchObject({
        issuer: `${loginOrigin}/${HOME_TENANT}/v2.0`,
        token_endpoint: `${loginOrigin}/${HOME_TENANT}/oauth2/v2.0/token`,
        jwks_uri: `${loginOrigin}/${HOME_TENANT}/discovery/v2.0/keys`,
        msgraph_host: 'graph.microsoft.com',
      });
    }
    const v1 = await fetch(`${loginOrigin}/${HOME_TENANT}/.well-known/openid-configuration`);
    expect(await v1.json()).toMatchObject({ issuer: `https://sts.windows.net/${HOME_TENANT}/` });
  });

  test('answers an unknown domain with invalid_tenant', async () => {
    const { cloud } = await startSignIn();
    const response = await fetch(`${cloud.emulator.loginOrigin}/nobody.example/v2.0/.well-known/openid-configuration`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });
});

describe('sign-in by code', () => {
  test('gives an id token that a strict OpenID client accepts', async () => {
    const { cloud, signIn, redeem } = await startSignIn();
    const answer = await signIn();
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('state')).toBe('st&te');
    const { body } = await redeem(codeOf(answer));
    const issuer = `${cloud.emulator.loginOrigin}/${HOME_TENANT}/v2.0`;
    const keys = createRemoteJWKSet(new URL(`${cloud.emulator.loginOrigin}/${HOME_TENANT}/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(body.id_token, keys, { issuer, audience: SIGN_IN_APP });
    expect(payload).toMatchObject({
      tid: HOME_TENANT,
      nonce: 'n-0',
      name: 'Ana Lyst',
      preferred_username: ANALYST,
      ver: '2.0',
    });
    expect(payload['oid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('redeems a code once', async () => {
    const { signIn, redeem } = await startSignIn();
    const code = codeOf(await signIn());
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  });

  test.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 501481],
    ['no verifier', { code_verifier: null }, 50148],
    ['another redirect address', { redirect_uri: CALLBACK }, 500112],
    ['a code nobody gave', { code: 'made-up' }, 9002313],
    ['the code of another application', { client_id: READER_APP }, 70000],
  ])('refuses %s', async (_what, changes, code) => {
    const { signIn, redeem } = await startSignIn();
    expect((await redeem(codeOf(await signIn()), changes)).body.error_codes).toEqual([code]);
  });

  test('renews by refresh token until the consent is gone', async () => {
    const { cloud, signIn, redeem } = await startSignIn();
    const { body } = await redeem(codeOf(await signIn()));
    const fields = {
      grant_type: 'refresh_token',
      client_id: SIGN_IN_APP,
      refresh_token: body.refresh_token,
      scope: null,
    };
    const renewed = await cloud.token(HOME_TENANT, fields);
    expect(renewed.body.refresh_token).not.toBe(body.refresh_token);
    await cloud.control('DELETE', `/tenants/${HOME_TENANT}/service-principals/${SIGN_IN_APP}`);
    expect((await cloud.token(HOME_TENANT, fields)).body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'consent_required',
      error_codes: [65001],
    });
  });

  test('posts the answer when form_post is asked for', async () => {
    const { signIn } = await startSignIn();
    const answer = await signIn({ response_mode: 'form_post' });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(`<form method="post" action="${SIGN_IN_CALLBACK}">`);
    expect(answer.text).toContain('name="code"');
    expect(answer.text).toContain('value="st&amp;te"');
  });

  test('shows an error page for an address that is not registered', async () => {
    const { url } = await startSignIn();
    const answer = await new Visitor().open(url({ redirect_uri: CALLBACK }));
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).toContain('AADSTS50011');
  });

  test('refuses people of another tenant', async () => {
    const { signIn } = await startSignIn();
    expect((await signIn({}, 'global.admin@customer.example')).text).toContain('AADSTS50020');
  });

  test('keeps a single-tenant application at home', async () => {
    const { url } = await startSignIn();
    const common = await new Visitor().open(url({}, 'common'));
    expect(new URL(common.headers.get('location') ?? '').searchParams.get('error_description')).toContain(
      'AADSTS50194',
    );
    expect((await new Visitor().open(url({}, CUSTOMER_TENANT))).text).toContain('AADSTS700016');
  });
});

describe('the legacy consent link', () => {
  test('grants the roles and lands with a code on the registered address', async () => {
    const { cloud } = await startSignIn();
    const query = new URLSearchParams({
      prompt: 'consent',
      client_id: READER_APP,
      response_type: 'code',
      sso_reload: 'true',
    });
    const visitor = new Visitor();
    await visitor.open(`${cloud.emulator.loginOrigin}/common/oauth2/authorize?${query}`);
    await visitor.submit({ username: 'global.admin@customer.example' });
    const location = new URL((await visitor.submit({ decision: 'accept' })).headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(CALLBACK);
    expect(location.searchParams.has('tenant')).toBe(false);
    expect(claimsOf(await cloud.accessToken(CUSTOMER_TENANT))['roles']).toEqual(READ_ROLES);
  });

  test('says access_denied when it is declined', async () => {
    const { cloud } = await startSignIn();
    const query = new URLSearchParams({ prompt: 'consent', client_id: READER_APP, response_type: 'code', state: 's' });
    const visitor = new Visitor();
    await visitor.open(`${cloud.emulator.loginOrigin}/common/oauth2/authorize?${query}`);
    await visitor.submit({ username: 'global.admin@customer.example' });
    const answer = new URL((await visitor.submit({ decision: 'cancel' })).headers.get('location') ?? '').searchParams;
    expect([answer.get('error'), answer.get('error_subcode'), answer.get('state')]).toEqual([
      'access_denied',
      'cancel',
      's',
    ]);
  });
});
