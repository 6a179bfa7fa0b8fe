import type { Cloud } from '../cloud.ts';
import { type Call, json, type Reply } from '../http/exchange.ts';
import { findTenant } from '../state/tenants.ts';
import { errorBody, tenantNotFound } from './entra-error.ts';

const SHARED = ['common', 'organizations', 'consumers'];
const CACHEABLE = { 'cache-control': 'max-age=86400, private', 'access-control-allow-origin': '*' };

/** The GUID (or the shared name) that a path segment stands for. */
function resolvePlace(cloud: Cloud, segment: string): string | null {
  if (SHARED.includes(segment.toLowerCase())) return segment.toLowerCase();
  return findTenant(cloud.database, segment)?.tid ?? null;
}

function notFound(segment: string, call: Call): Reply {
  const body = errorBody({ ...tenantNotFound(segment).entra, error: 'invalid_tenant' }, call);
  return json(400, body);
}

export function openIdConfiguration(cloud: Cloud, segment: string, version: 'v1' | 'v2', call: Call): Reply {
  const place = resolvePlace(cloud, segment);
  if (place === null) return notFound(segment, call);
  const shared = SHARED.includes(place);
  const base = `${cloud.loginOrigin}/${place}`;
  const issuerId = shared ? '{tenantid}' : place;
  const oauth = version === 'v2' ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  // A concrete issuer per tenant: strict OpenID clients compare it letter by letter.
  const issuer = version === 'v2' ? `${cloud.loginOrigin}/${issuerId}/v2.0` : `https://sts.windows.net/${issuerId}/`;
  return json(
    200,
    {
      token_endpoint: `${oauth}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: version === 'v2' ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer,
      request_uri_parameter_supported: false,
      userinfo_endpoint: `${cloud.graphOrigin}/oidc/userinfo`,
      authorization_endpoint: `${oauth}/authorize`,
      device_authorization_endpoint: `${oauth}/devicecode`,
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      end_session_endpoint: `${oauth}/logout`,
      claims_supported: CLAIMS,
      kerberos_endpoint: `${base}/kerberos`,
      tenant_region_scope: shared ? null : 'EU',
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
      rbac_url: 'https://pas.windows.net',
    },
    CACHEABLE,
  );
}

const CLAIMS =
  'sub iss cloud_instance_name cloud_instance_host_name cloud_graph_host_name msgraph_host aud exp iat auth_time acr nonce preferred_username name tid ver at_hash c_hash email'.split(
    ' ',
  );

export function keySet(cloud: Cloud, segment: string, call: Call): Reply {
  const place = resolvePlace(cloud, segment);
  if (place === null) return notFound(segment, call);
  const issuer = `${cloud.loginOrigin}/${SHARED.includes(place) ? '{tenantid}' : place}/v2.0`;
  return json(200, { keys: [{ ...cloud.key.jwk, issuer }] }, CACHEABLE);
}

export function instanceDiscovery(cloud: Cloud, call: Call): Reply {
  const asked = call.url.searchParams.get('authorization_endpoint') ?? `${cloud.loginOrigin}/common/`;
  const segment = URL.canParse(asked) ? (new URL(asked).pathname.split('/')[1] ?? 'common') : 'common';
  const host = new URL(cloud.loginOrigin).host;
  return json(
    200,
    {
      tenant_discovery_endpoint: `${cloud.loginOrigin}/${segment || 'common'}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
    CACHEABLE,
  );
}
