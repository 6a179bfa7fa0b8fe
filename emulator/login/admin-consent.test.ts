import { describe, expect, test } from 'vitest';
import {
  CALLBACK,
  CUSTOMER_TENANT,
  claimsOf,
  HOME_TENANT,
  OTHER_TENANT,
  READ_ROLES,
  READER_APP,
  startCloud,
  Visitor,
} from '../testing/cloud-under-test.ts';

async function startInvited(scenario: Record<string, unknown> = {}) {
  const cloud = await startCloud();
  await cloud.tenant(HOME_TENANT);
  await cloud.tenant(CUSTOMER_TENANT, { scenario });
  await cloud.tenant(OTHER_TENANT);
  await cloud.application();
  return cloud;
}

function locationOf(answer: { headers: Headers }): URL {
  return new URL(answer.headers.get('location') ?? 'about:blank');
}

function consentUrl(origin: string, place: string, changes: Record<string, string> = {}) {
  const query = new URLSearchParams({
    client_id: READER_APP,
    scope: 'https://graph.microsoft.com/.default',
    redirect_uri: CALLBACK,
    state: 's',
    ...changes,
  });
  return `${origin}/${place}/v2.0/adminconsent?${query}`;
}

describe('admin consent', () => {
  test('sends an accepting administrator back with the tenant as a GUID and the state', async () => {
    const cloud = await startInvited();
    const answer = await cloud.consent('customer.example');
    expect(answer.status).toBe(302);
    const location = locationOf(answer);
    expect(location.origin + location.pathname).toBe(CALLBACK);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      admin_consent: 'True',
      tenant: CUSTOMER_TENANT,
      scope: 'https://graph.microsoft.com/.default',
      state: 'a-state',
    });
  });

  test('grants exactly the registered roles to a new service principal', async () => {
    const cloud = await startInvited();
    await cloud.consent(CUSTOMER_TENANT);
    const claims = claimsOf(await cloud.accessToken(CUSTOMER_TENANT));
    expect(claims).toMatchObject({
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${CUSTOMER_TENANT}/`,
      tid: CUSTOMER_TENANT,
      appid: READER_APP,
      appidacr: '1',
      idtyp: 'app',
      ver: '1.0',
      roles: READ_ROLES,
    });
    expect(claims['oid']).toBe(claims['sub']);
  });

  test('says consent_required with admin_consent=True when the administrator cancels', async () => {
    const cloud = await startInvited();
    const answer = locationOf(
      await cloud.consent(CUSTOMER_TENANT, 'global.admin@customer.example', 'cancel'),
    ).searchParams;
    expect(answer.get('admin_consent')).toBe('True');
    expect(answer.get('error')).toBe('consent_required');
    expect(answer.get('error_description')).toMatch(/^AADSTS65004: /);
    expect(answer.get('state')).toBe('a-state');
    expect((await cloud.token(CUSTOMER_TENANT)).body.error_codes).toEqual([7000229]);
  });

  test('lets a Privileged Role Administrator consent too', async () => {
    const cloud = await startInvited();
    expect((await cloud.consent(CUSTOMER_TENANT, 'role.admin@customer.example')).status).toBe(302);
  });

  test('keeps a plain user on a page that asks for an administrator', async () => {
    const cloud = await startInvited();
    const answer = await cloud.consent(CUSTOMER_TENANT, 'helpdesk@customer.example');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).toContain('Need admin approval');
    expect((await cloud.token(CUSTOMER_TENANT)).status).toBe(401);
  });

  test('does not take the word of a hidden field for a plain user', async () => {
    const cloud = await startInvited();
    const visitor = new Visitor();
    await visitor.open(consentUrl(cloud.emulator.loginOrigin, CUSTOMER_TENANT));
    const answer = await visitor.submit({ username: 'helpdesk@customer.example', step: 'consent', decision: 'accept' });
    expect(answer.text).toContain('Need admin approval');
  });

  test('refuses an account of another tenant on its own page', async () => {
    const cloud = await startInvited();
    const answer = await cloud.consent(CUSTOMER_TENANT, 'global.admin@other.example');
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).toContain('AADSTS50020');
  });

  test.each([
    ['an address that differs by a slash', { redirect_uri: `${CALLBACK}/` }, 'AADSTS50011'],
    ['an unknown application', { client_id: OTHER_TENANT }, 'AADSTS700016'],
  ])('shows an error page, and redirects nowhere, for %s', async (_what, changes, code) => {
    const cloud = await startInvited();
    const answer = await new Visitor().open(consentUrl(cloud.emulator.loginOrigin, CUSTOMER_TENANT, changes));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).toContain(code);
  });

  test('refuses the common tenant, and a tenant that does not exist', async () => {
    const cloud = await startInvited();
    const { loginOrigin } = cloud.emulator;
    expect((await new Visitor().open(consentUrl(loginOrigin, 'common'))).status).toBe(400);
    const unknown = await new Visitor().open(consentUrl(loginOrigin, 'nobody.example'));
    expect(unknown.text).toContain('AADSTS90002');
  });

  test('finds the tenant by the account when the path says organizations', async () => {
    const cloud = await startInvited();
    const answer = locationOf(await cloud.consent('organizations'));
    expect(answer.searchParams.get('tenant')).toBe(CUSTOMER_TENANT);
  });

  test('returns an individual permission as an invalid scope', async () => {
    const cloud = await startInvited();
    const scope = 'https://graph.microsoft.com/SecurityIncident.Read.All';
    const answer = await new Visitor().open(consentUrl(cloud.emulator.loginOrigin, CUSTOMER_TENANT, { scope }));
    expect(locationOf(answer).searchParams.get('error')).toBe('invalid_scope');
  });

  test('writes names from the request as text, never as markup', async () => {
    const cloud = await startInvited();
    await cloud.application({ displayName: '<script>alert(1)</script>' });
    const page = await new Visitor().open(
      consentUrl(cloud.emulator.loginOrigin, CUSTOMER_TENANT, { state: '"><script>' }),
    );
    expect(page.text).not.toContain('<script>');
  });

  test('takes its time to replicate: both missing-application codes first, then no roles, then roles', async () => {
    const cloud = await startInvited();
    await cloud.consent(CUSTOMER_TENANT);
    const path = `/tenants/${CUSTOMER_TENANT}/service-principals/${READER_APP}`;
    await cloud.control('PATCH', path, { replicationDelaySeconds: 60, rolesDelaySeconds: 120 });
    const codes = [await cloud.token(CUSTOMER_TENANT), await cloud.token(CUSTOMER_TENANT)].map(
      (answer) => answer.body.error_codes[0],
    );
    expect(codes.toSorted()).toEqual([700016, 7000229]);
    await cloud.control('PATCH', path, { replicationDelaySeconds: 0 });
    expect(claimsOf(await cloud.accessToken(CUSTOMER_TENANT))).not.toHaveProperty('roles');
    await cloud.control('PATCH', path, { rolesDelaySeconds: 0 });
    expect(claimsOf(await cloud.accessToken(CUSTOMER_TENANT))).toHaveProperty('roles', READ_ROLES);
  });

  test('grants only what the scenario lets through', async () => {
    const cloud = await startInvited({ grantOnly: ['SecurityAlert.Read.All'] });
    await cloud.consent(CUSTOMER_TENANT);
    expect(claimsOf(await cloud.accessToken(CUSTOMER_TENANT))['roles']).toEqual(['SecurityAlert.Read.All']);
  });

  test('cannot grant a Defender API where there is no Defender', async () => {
    const cloud = await startInvited({ noDefender: true });
    await cloud.application({ requiredRoles: ['Incident.Read.All'] });
    expect(locationOf(await cloud.consent(CUSTOMER_TENANT)).searchParams.get('error_description')).toContain(
      'AADSTS650052',
    );
  });

  test('also knows the older form without a scope', async () => {
    const cloud = await startInvited();
    const visitor = new Visitor();
    const query = new URLSearchParams({ client_id: READER_APP, redirect_uri: CALLBACK, state: 's' });
    await visitor.open(`${cloud.emulator.loginOrigin}/common/adminconsent?${query}`);
    await visitor.submit({ username: 'global.admin@customer.example' });
    const answer = locationOf(await visitor.submit({ decision: 'accept' }));
    expect(Object.fromEntries(answer.searchParams)).toEqual({
      admin_consent: 'True',
      tenant: CUSTOMER_TENANT,
      state: 's',
    });
  });
});
