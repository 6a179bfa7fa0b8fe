import type { Cloud } from '../cloud.ts';
import { type Call, type Reply, redirect } from '../http/exchange.ts';
import type { Application } from '../state/applications.ts';
import { findTenant, findUser, type Tenant, type TenantUser } from '../state/tenants.ts';
import { tenantNotFound, wrongRedirect } from './entra-error.ts';
import { formPostPage } from './pages.ts';

// Graph's application permissions need one of these two:
// https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
const CONSENTING_ROLES = ['Global Administrator', 'Privileged Role Administrator'];

const OWN_FIELDS = ['step', 'decision', 'username'];

/** The request of a page: its parameters travel in hidden fields from step to step, and are checked anew each time. */
export interface Interaction {
  fields: URLSearchParams;
  step: 'start' | 'sign-in' | 'consent';
  accepted: boolean;
  username: string;
}

export function readInteraction(call: Call): Interaction {
  const sent = call.method === 'POST' ? new URLSearchParams(call.body) : call.url.searchParams;
  const fields = new URLSearchParams([...sent].filter(([name]) => !OWN_FIELDS.includes(name)));
  const step = call.method === 'POST' ? sent.get('step') : null;
  return {
    fields,
    step: step === 'sign-in' || step === 'consent' ? step : 'start',
    accepted: sent.get('decision') === 'accept',
    username: sent.get('username') ?? '',
  };
}

export function mayConsent(user: TenantUser): boolean {
  return user.roles.some((role) => CONSENTING_ROLES.includes(role));
}

/** The tenant a path names; null for the shared names, where the account decides. */
export function tenantOfPath(cloud: Cloud, segment: string): Tenant | null {
  if (['common', 'organizations'].includes(segment.toLowerCase())) return null;
  const tenant = findTenant(cloud.database, segment);
  if (!tenant) throw tenantNotFound(segment);
  return tenant;
}

/** The account, or why it is refused. */
export function signIn(
  cloud: Cloud,
  tenant: Tenant | null,
  username: string,
): { tenant: Tenant; user: TenantUser } | { refusal: string } {
  const found = findUser(cloud.database, username);
  if (!found) {
    return { refusal: `AADSTS50034: The user account '${username}' does not exist in this directory.` };
  }
  if (tenant && found.tenant.tid !== tenant.tid) {
    return {
      refusal: `AADSTS50020: User account '${username}' from identity provider does not exist in tenant '${tenant.displayName}' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.`,
    };
  }
  return found;
}

/** Registered exactly, letter by letter; without one in the request the first registered is meant (v1 only). */
export function requireRedirectUri(application: Application, sent: string | null, optional: boolean): string {
  const uri = sent ?? (optional ? (application.redirectUris[0] ?? null) : null);
  if (uri === null || !application.redirectUris.includes(uri)) throw wrongRedirect(sent ?? '', application.appId);
  return uri;
}

export function sendBack(redirectUri: string, parameters: URLSearchParams, responseMode: string | null): Reply {
  if (responseMode === 'form_post') return formPostPage(redirectUri, parameters);
  if (responseMode === 'fragment') return redirect(`${redirectUri}#${parameters}`);
  return redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters}`);
}
