import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { type Call, json, type Reply } from '../http/exchange.ts';
import type { Application } from '../state/applications.ts';
import { type Grant, issueGrant, readGrant } from '../state/grants.ts';
import { countMiss, findServicePrincipal, type ServicePrincipal } from '../state/service-principals.ts';
import { findTenant, type Tenant } from '../state/tenants.ts';
import { proveClient, readCredentials, requireApplication } from './client-authentication.ts';
import {
  applicationDisabled,
  applicationNotFound,
  consentRequired,
  fail,
  invalidScope,
  parameterMissing,
  principalMissing,
  tenantNotFound,
} from './entra-error.ts';
import { findResource, isResourceInTenant, type Resource } from './resources.ts';
import { appToken, type ClientProof, idToken, lifetimeSeconds, userToken } from './tokens.ts';

type Version = 'v1' | 'v2';

const REFRESH_LIFETIME_MS = 90 * 86_400_000;
const NO_STORE = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' };

export async function answerToken(cloud: Cloud, segment: string, version: Version, call: Call): Promise<Reply> {
  if (['common', 'organizations', 'consumers'].includes(segment.toLowerCase())) {
    throw fail(
      50059,
      'invalid_request',
      400,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    );
  }
  const tenant = findTenant(cloud.database, segment);
  if (!tenant) throw tenantNotFound(segment);
  const form = new URLSearchParams(call.body);
  const grantType = form.get('grant_type');
  if (!grantType) throw parameterMissing('grant_type');
  const credentials = readCredentials(call, form);
  const application = requireApplication(cloud, tenant, credentials.clientId);
  if (grantType === 'client_credentials') {
    const principal = requirePrincipal(cloud, tenant, application);
    const proof = await proveClient(cloud, tenant, application, credentials, call);
    if (principal.disabled) throw applicationDisabled(application.appId, application.displayName);
    return appOnly(cloud, tenant, application, principal, proof, form, version);
  }
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
    throw fail(70003, 'unsupported_grant_type', 400, `The app requested an unsupported grant type '${grantType}'.`);
  }
  const proof = await proveClient(cloud, tenant, application, credentials, call);
  const grant = grantType === 'authorization_code' ? redeemCode(cloud, form) : redeemRefresh(cloud, form);
  if (grant.appId !== application.appId || grant.tid !== tenant.tid) {
    throw fail(70000, 'invalid_grant', 400, 'Provided grant is invalid or malformed.');
  }
  const principal = findServicePrincipal(cloud.database, tenant, application);
  if (!principal || principal.deleted) throw consentRequired(application.appId, application.displayName);
  if (principal.disabled) throw applicationDisabled(application.appId, application.displayName);
  return onBehalfOfUser(cloud, tenant, application, proof, grant, version);
}

/** Missing principals: never consented is 7000229, deleted is 700016, and while Entra replicates it is each in turn. */
function requirePrincipal(cloud: Cloud, tenant: Tenant, application: Application): ServicePrincipal {
  const principal = findServicePrincipal(cloud.database, tenant, application);
  if (!principal) throw principalMissing(application.appId, tenant.tid);
  if (principal.deleted) throw applicationNotFound(application.appId, tenant.displayName);
  if (principal.visibleAtMs > Date.now()) {
    if (countMiss(cloud.database, principal) % 2 === 1)
      throw applicationNotFound(application.appId, tenant.displayName);
    throw principalMissing(application.appId, tenant.tid);
  }
  return principal;
}

function requestedAudience(cloud: Cloud, tenant: Tenant, form: URLSearchParams, version: Version) {
  if (version === 'v1') {
    const audience = form.get('resource');
    if (!audience) throw parameterMissing('resource');
    return { audience, resource: requireResource(cloud, tenant, audience) };
  }
  const scope = form.get('scope');
  if (!scope) throw parameterMissing('scope');
  const scopes = scope.split(' ').filter((part) => part !== '');
  const audiences = new Set(scopes.map((part) => part.replace(/\/\.default$/, '')));
  if (scopes.some((part) => !part.endsWith('/.default'))) throw invalidScope(scope);
  if (audiences.size > 1) {
    throw fail(
      700022,
      'invalid_request',
      400,
      `The provided value for the input parameter 'scope' isn't valid because it contains more than one resource. Scope ${scope} is not valid.`,
    );
  }
  const [audience = ''] = audiences;
  return { audience, resource: requireResource(cloud, tenant, audience) };
}

function requireResource(cloud: Cloud, tenant: Tenant, audience: string): Resource {
  const resource = findResource(audience, cloud.graphOrigin);
  if (resource && isResourceInTenant(resource, tenant.scenario.noDefender)) return resource;
  throw fail(
    500011,
    'invalid_resource',
    400,
    `The resource principal named ${audience} was not found in the tenant named ${tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}

/** v1 answers carry their numbers as texts. */
function tokenBody(version: Version, audience: string, token: string, lifetime: number): Record<string, unknown> {
  if (version === 'v2') {
    return { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: token };
  }
  const now = Math.floor(Date.now() / 1000);
  return {
    token_type: 'Bearer',
    expires_in: String(lifetime),
    ext_expires_in: String(lifetime),
    expires_on: String(now + lifetime),
    not_before: String(now),
    resource: audience,
    access_token: token,
  };
}

async function appOnly(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  principal: ServicePrincipal,
  proof: ClientProof,
  form: URLSearchParams,
  version: Version,
): Promise<Reply> {
  const { audience, resource } = requestedAudience(cloud, tenant, form, version);
  const lifetime = lifetimeSeconds(tenant);
  const token = await appToken(cloud, tenant, application, principal, resource, audience, proof, lifetime);
  return json(200, tokenBody(version, audience, token, lifetime), NO_STORE);
}

function redeemCode(cloud: Cloud, form: URLSearchParams): Grant {
  const code = form.get('code');
  if (!code) throw parameterMissing('code');
  const found = readGrant(cloud.database, 'code', code);
  if (!found) throw fail(9002313, 'invalid_grant', 400, 'Invalid request. Request is malformed or invalid.');
  if (found.uses > 1) {
    throw fail(
      54005,
      'invalid_grant',
      400,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (found.expired) {
    throw fail(
      70008,
      'invalid_grant',
      400,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    );
  }
  const { grant } = found;
  const redirectUri = form.get('redirect_uri');
  if (redirectUri !== grant.redirectUri) {
    throw fail(
      500112,
      'invalid_client',
      400,
      `The reply address '${redirectUri}' does not match the reply address '${grant.redirectUri}' provided when requesting Authorization code.`,
    );
  }
  verifyChallenge(grant, form.get('code_verifier'));
  return grant;
}

function verifyChallenge(grant: Grant, verifier: string | null): void {
  if (grant.codeChallenge === null) return;
  if (!verifier) {
    throw fail(
      50148,
      'invalid_grant',
      400,
      'The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.',
    );
  }
  const made =
    grant.codeChallengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  if (made !== grant.codeChallenge) {
    throw fail(
      501481,
      'invalid_grant',
      400,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
}

function redeemRefresh(cloud: Cloud, form: URLSearchParams): Grant {
  const value = form.get('refresh_token');
  if (!value) throw parameterMissing('refresh_token');
  const found = readGrant(cloud.database, 'refresh', value);
  if (!found) throw fail(9002313, 'invalid_grant', 400, 'Invalid request. Request is malformed or invalid.');
  if (found.expired) {
    throw fail(700082, 'invalid_grant', 400, 'The refresh token has expired due to inactivity.');
  }
  return { ...found.grant, nonce: null, scope: form.get('scope') ?? found.grant.scope };
}

async function onBehalfOfUser(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  proof: ClientProof,
  grant: Grant,
  version: Version,
): Promise<Reply> {
  const user = tenant.users.find((candidate) => candidate.userPrincipalName === grant.userPrincipalName);
  if (!user)
    throw fail(
      50034,
      'invalid_grant',
      400,
      `The user account ${grant.userPrincipalName} does not exist in the ${tenant.displayName} directory.`,
    );
  const lifetime = lifetimeSeconds(tenant);
  const scopes = grant.scope.split(' ').filter((scope) => scope !== '');
  const granted = scopes.filter((scope) => scope !== 'offline_access').join(' ') || 'User.Read';
  const token = await userToken(cloud, tenant, application, user, grant.resource, granted, proof, lifetime);
  const offline = version === 'v1' || scopes.includes('offline_access');
  const identity = version === 'v1' || scopes.includes('openid');
  const account = { uid: user.objectId, utid: tenant.tid };
  const body = {
    ...tokenBody(version, grant.resource, token, lifetime),
    scope: version === 'v1' ? 'User.Read' : granted,
    ...(offline ? { refresh_token: issueGrant(cloud.database, 'refresh', grant, REFRESH_LIFETIME_MS) } : {}),
    ...(identity ? { id_token: await idToken(cloud, tenant, application, user, grant.nonce, version) } : {}),
    client_info: Buffer.from(JSON.stringify(account)).toString('base64url'),
  };
  return json(200, body, NO_STORE);
}
