import { expect, test } from 'vitest';
import { cloudFrom } from '@/lib/cloud';
import type { MicrosoftError } from './errors';
import { resolveTenant } from './openid';

const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';

function resolving(asked: string, status: number, body: unknown) {
  const { cloud } = cloudFrom('global', undefined, {});
  if (!cloud) throw new Error('no cloud');
  const sent: string[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const resolved = resolveTenant(
    cloud,
    async ({ url }) => {
      sent.push(url);
      return { status, headers: new Headers(), text };
    },
    asked,
  ).catch((error: unknown) => error as MicrosoftError);
  return { sent, resolved };
}

const document = {
  issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  cloud_instance_name: 'microsoftonline.com',
};

test('a domain leads to the tenant that its OpenID document names', async () => {
  const { resolved, sent } = resolving(' Fabrikam.DK ', 200, document);
  expect(await resolved).toEqual({ entraTenantId: TENANT, cloudInstance: 'microsoftonline.com' });
  expect(sent).toEqual(['https://login.microsoftonline.com/fabrikam.dk/v2.0/.well-known/openid-configuration']);
});

test('an unknown domain is AADSTS90002', async () => {
  const body = { error: 'invalid_tenant', error_description: 'AADSTS90002: Tenant not found.' };
  expect(await resolving('nobody.example', 400, body).resolved).toMatchObject({
    kind: 'unknown_tenant',
    aadsts: 90002,
  });
});

test('what is neither a domain nor a GUID is never sent', async () => {
  for (const asked of ['', 'common', '../common', 'a b.dk', 'x.dk/..', 'håndværk.dk', '-a.dk']) {
    const { resolved, sent } = resolving(asked, 200, document);
    expect(await resolved).toMatchObject({ kind: 'unknown_tenant' });
    expect(sent).toEqual([]);
  }
});

test('a document that names another tenant than the id asked for is refused', async () => {
  const { resolved } = resolving('99999999-aaaa-4aaa-8aaa-999999999999', 200, document);
  expect(await resolved).toMatchObject({ kind: 'wrong_tenant' });
});

test.each(['<html>', '{}', '{"issuer":"https://login.microsoftonline.com/common/v2.0"}', '{"issuer":"nonsense"}'])(
  'an answer without a tenant is refused: %s',
  async (body) => {
    expect(await resolving('fabrikam.dk', 200, body).resolved).toMatchObject({ kind: 'unexpected' });
  },
);
