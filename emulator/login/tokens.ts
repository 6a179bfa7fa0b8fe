import { createHash, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Cloud } from '../cloud.ts';
import type { Application } from '../state/applications.ts';
import type { ServicePrincipal } from '../state/service-principals.ts';
import type { Tenant, TenantUser } from '../state/tenants.ts';
import type { Resource } from './resources.ts';

export type ClientProof = 'secret' | 'certificate' | 'none';

const PROOF_CLAIM: Record<ClientProof, string> = { none: '0', secret: '1', certificate: '2' };

async function sign(cloud: Cloud, claims: Record<string, unknown>): Promise<string> {
  const header = { typ: 'JWT', alg: 'RS256', x5t: cloud.key.kid, kid: cloud.key.kid };
  return new SignJWT(claims).setProtectedHeader(header).sign(cloud.key.privateKey);
}

/** 60 to 90 minutes at random, unless the scenario fixes it: learn.microsoft.com/entra/identity-platform/access-tokens */
export function lifetimeSeconds(tenant: Tenant): number {
  return tenant.scenario.tokenLifetimeSeconds ?? 3599 + Math.floor(Math.random() * 1801);
}

function envelope(tenant: Tenant, lifetime: number): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const tid = tenant.scenario.tokenTenantId ?? tenant.tid;
  const issuer = `https://sts.windows.net/${tid}/`;
  return {
    iss: issuer,
    iat: now,
    nbf: now,
    exp: now + lifetime,
    aio: randomBytes(24).toString('base64'),
    idp: issuer,
    rh: `1.A${randomBytes(36).toString('base64url')}.`,
    tenant_region_scope: 'EU',
    tid,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
    xms_tcdt: 1_500_000_000,
  };
}

/** An app-only access token. `roles` is absent, never empty, while nothing is granted. */
export async function appToken(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  principal: ServicePrincipal,
  resource: Resource,
  audience: string,
  proof: ClientProof,
  lifetime: number,
): Promise<string> {
  const settled = principal.rolesAtMs <= Date.now();
  const roles = settled ? principal.roles.filter((role) => role in resource.roles) : [];
  return sign(cloud, {
    aud: audience,
    ...envelope(tenant, lifetime),
    app_displayname: application.displayName,
    appid: application.appId,
    appidacr: PROOF_CLAIM[proof],
    idtyp: 'app',
    oid: principal.objectId,
    ...(roles.length > 0 ? { roles } : {}),
    sub: principal.objectId,
    wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
  });
}

/** `sub` differs per application, so that two applications cannot compare notes about a person. */
function pairwiseSubject(user: TenantUser, application: Application): string {
  return createHash('sha256').update(`${user.objectId}/${application.appId}`).digest('base64url');
}

export async function userToken(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  user: TenantUser,
  audience: string,
  scope: string,
  proof: ClientProof,
  lifetime: number,
): Promise<string> {
  return sign(cloud, {
    aud: audience,
    ...envelope(tenant, lifetime),
    app_displayname: application.displayName,
    appid: application.appId,
    appidacr: PROOF_CLAIM[proof],
    idtyp: 'user',
    name: user.displayName,
    oid: user.objectId,
    scp: scope,
    sub: pairwiseSubject(user, application),
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
  });
}

export async function idToken(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  user: TenantUser,
  nonce: string | null,
  version: 'v1' | 'v2',
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const own =
    version === 'v2'
      ? { iss: `${cloud.loginOrigin}/${tenant.tid}/v2.0`, preferred_username: user.userPrincipalName, ver: '2.0' }
      : { iss: `https://sts.windows.net/${tenant.tid}/`, unique_name: user.userPrincipalName, ver: '1.0' };
  return sign(cloud, {
    aud: application.appId,
    ...own,
    iat: now,
    nbf: now,
    exp: now + 3600,
    email: user.userPrincipalName,
    name: user.displayName,
    ...(nonce === null ? {} : { nonce }),
    oid: user.objectId,
    rh: `1.A${randomBytes(36).toString('base64url')}.`,
    sid: randomBytes(16).toString('hex'),
    sub: pairwiseSubject(user, application),
    tid: tenant.tid,
    uti: randomBytes(16).toString('base64url'),
  });
}
