import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../http/exchange.ts';
import { GRAPH } from '../login/resources.ts';
import { GraphFailure } from './graph-error.ts';

export interface Caller {
  tid: string;
  appId: string;
  appName: string;
  roles: string[];
  claims: Record<string, unknown>;
}

function refuse(cloud: Cloud, message: string): GraphFailure {
  const challenge = `Bearer realm="", authorization_uri="${cloud.loginOrigin}/common/oauth2/authorize", client_id="${GRAPH.appId}"`;
  return new GraphFailure(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': challenge });
}

/** Checks the token as Graph does: signature, audience in any of its forms, and time. Nothing else chooses the tenant. */
export async function authenticate(cloud: Cloud, call: Call): Promise<Caller> {
  const token = /^Bearer\s+(\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (!token) throw refuse(cloud, 'Access token is empty.');
  const names = [...GRAPH.names, cloud.graphOrigin];
  const audience = [GRAPH.appId, ...names, ...names.map((name) => `${name}/`)];
  try {
    const { payload } = await jwtVerify(token, cloud.key.publicKey, { algorithms: ['RS256'], audience });
    const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : '');
    const roles = Array.isArray(payload['roles']) ? (payload['roles'] as string[]) : [];
    return { tid: text('tid'), appId: text('appid'), appName: text('app_displayname'), roles, claims: payload };
  } catch (error) {
    throw refuse(cloud, reasonOf(error, token));
  }
}

function reasonOf(error: unknown, token: string): string {
  if (error instanceof errors.JWTExpired) return 'Access token has expired or is not yet valid.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'aud'
      ? 'Access token validation failure. Invalid audience.'
      : 'Access token has expired or is not yet valid.';
  }
  try {
    decodeJwt(token);
  } catch {
    return "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'.";
  }
  return 'Access token validation failure. Invalid signature.';
}

/** App permissions, least first; the text is the one Graph security answers with. */
export function requireRole(caller: Caller, accepted: string[], named = accepted): void {
  if (caller.roles.some((role) => accepted.includes(role))) return;
  throw new GraphFailure(
    403,
    'Forbidden',
    `Missing application roles. API required roles: ${named.join(',')}, application roles: ${caller.roles.join(',')}.`,
  );
}
