import type { Cloud } from '../cloud.ts';
import type { Call, Reply } from '../http/exchange.ts';
import { type Application, findApplication } from '../state/applications.ts';
import { grantConsent } from '../state/service-principals.ts';
import type { Tenant } from '../state/tenants.ts';
import {
  applicationNotFound,
  EntraFailure,
  errorBody,
  fail,
  invalidScope,
  notMultitenant,
  parameterMissing,
  serviceLacking,
} from './entra-error.ts';
import { mayConsent, readInteraction, requireRedirectUri, sendBack, signIn, tenantOfPath } from './interaction.ts';
import { approvalNeededPage, consentPage, signInPage } from './pages.ts';
import { findResource, isResourceInTenant, resourceOfRole } from './resources.ts';

/** https://learn.microsoft.com/entra/identity-platform/v2-admin-consent, and the older form without `/v2.0` and scope. */
export function answerAdminConsent(cloud: Cloud, segment: string, version: 'v1' | 'v2', call: Call): Reply {
  const shared = segment.toLowerCase();
  if (shared === 'consumers' || (shared === 'common' && version === 'v2')) {
    throw fail(
      900971,
      'invalid_request',
      400,
      `The tenant name '${segment}' is not supported by the admin consent endpoint. Use a tenant id, a verified domain or 'organizations'.`,
    );
  }
  const pathTenant = tenantOfPath(cloud, segment);
  const { fields, step, accepted, username } = readInteraction(call);
  const application = requestedApplication(cloud, pathTenant, segment, fields.get('client_id'));
  const redirectUri = requireRedirectUri(application, fields.get('redirect_uri'), version === 'v1');
  const state = fields.get('state');
  try {
    if (version === 'v2') checkScope(cloud, fields.get('scope'));
    if (step === 'start') return signInPage(pathTenant, application, fields, null);
    const account = signIn(cloud, pathTenant, username);
    if ('refusal' in account) return signInPage(pathTenant, application, fields, account.refusal);
    const { tenant, user } = account;
    if (!mayConsent(user)) return approvalNeededPage(application, user);
    checkServices(tenant, application);
    if (step === 'sign-in') return consentPage(tenant, application, user, fields, true);
    if (!accepted) return sendBack(redirectUri, declined(version, call, state), null);
    grantConsent(cloud.database, tenant, application, Date.now());
    const answer = new URLSearchParams({ admin_consent: 'True', tenant: tenant.tid });
    if (version === 'v2') answer.set('scope', fields.get('scope') ?? '');
    if (state !== null) answer.set('state', state);
    return sendBack(redirectUri, answer, null);
  } catch (error) {
    if (!(error instanceof EntraFailure)) throw error;
    const { error: code, error_description } = errorBody(error.entra, call);
    return sendBack(redirectUri, refusal(code, error_description, state), null);
  }
}

function requestedApplication(
  cloud: Cloud,
  tenant: Tenant | null,
  segment: string,
  clientId: string | null,
): Application {
  if (!clientId) throw parameterMissing('client_id');
  const application = findApplication(cloud.database, clientId);
  if (!application) throw applicationNotFound(clientId, tenant?.displayName ?? segment);
  if (application.signInAudience === 'AzureADMyOrg') {
    if (!tenant) throw notMultitenant(application.appId, application.displayName);
    if (tenant.tid !== application.homeTenantId) throw applicationNotFound(clientId, tenant.displayName);
  }
  return application;
}

function checkScope(cloud: Cloud, scope: string | null): void {
  if (scope === null || scope === '') throw parameterMissing('scope');
  const parts = scope.split(' ').filter((part) => part !== '');
  for (const part of parts) {
    const resource = part.endsWith('/.default')
      ? findResource(part.replace(/\/\.default$/, ''), cloud.graphOrigin)
      : null;
    if (!resource) throw invalidScope(scope);
  }
}

function checkServices(tenant: Tenant, application: Application): void {
  for (const role of application.requiredRoles) {
    const resource = resourceOfRole(role);
    if (resource && !isResourceInTenant(resource, tenant.scenario.noDefender)) {
      throw serviceLacking(resource.appId, resource.displayName, tenant.tid);
    }
  }
}

function refusal(error: string, description: string, state: string | null): URLSearchParams {
  // `admin_consent=True` stands on failures too: it names the flow, not its outcome (v2-admin-consent, error response).
  const answer = new URLSearchParams({ admin_consent: 'True', error, error_description: description });
  if (state !== null) answer.set('state', state);
  return answer;
}

function declined(version: 'v1' | 'v2', call: Call, state: string | null): URLSearchParams {
  if (version === 'v1') return refusal('permission_denied', 'The admin canceled the request', state);
  const denied = fail(65004, 'consent_required', 400, 'The resource owner or authorization server denied the request.');
  return refusal('consent_required', errorBody(denied.entra, call).error_description, state);
}
