import type { Cloud } from '../cloud.ts';
import type { Call, Reply } from '../http/exchange.ts';
import { type Application, findApplication } from '../state/applications.ts';
import { issueGrant } from '../state/grants.ts';
import { findServicePrincipal, grantConsent } from '../state/service-principals.ts';
import type { Tenant, TenantUser } from '../state/tenants.ts';
import {
  applicationDisabled,
  applicationNotFound,
  EntraFailure,
  errorBody,
  fail,
  notMultitenant,
  parameterMissing,
} from './entra-error.ts';
import {
  type Interaction,
  mayConsent,
  readInteraction,
  requireRedirectUri,
  sendBack,
  signIn,
  tenantOfPath,
} from './interaction.ts';
import { approvalNeededPage, consentPage, signInPage } from './pages.ts';

type Version = 'v1' | 'v2';

const CODE_LIFETIME_MS = 10 * 60_000;

/** The code flow: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, and its v1 form. */
export function answerAuthorize(cloud: Cloud, segment: string, version: Version, call: Call): Reply {
  const pathTenant = tenantOfPath(cloud, segment);
  const interaction = readInteraction(call);
  const { fields } = interaction;
  const clientId = fields.get('client_id');
  if (!clientId) throw parameterMissing('client_id');
  const application = findApplication(cloud.database, clientId);
  if (!application) throw applicationNotFound(clientId, pathTenant?.displayName ?? segment);
  const single = application.signInAudience === 'AzureADMyOrg';
  if (single && pathTenant && pathTenant.tid !== application.homeTenantId) {
    throw applicationNotFound(clientId, pathTenant.displayName);
  }
  const redirectUri = requireRedirectUri(application, fields.get('redirect_uri'), version === 'v1');
  try {
    if (single && !pathTenant) throw notMultitenant(application.appId, application.displayName);
    checkRequest(fields, version);
    return proceed(cloud, pathTenant, application, redirectUri, interaction, version);
  } catch (error) {
    if (!(error instanceof EntraFailure)) throw error;
    const { error: code, error_description, error_uri } = errorBody(error.entra, call);
    const answer = new URLSearchParams({ error: code, error_description, error_uri });
    if (error.entra.suberror === 'cancel') answer.set('error_subcode', 'cancel');
    return sendBack(redirectUri, withState(answer, fields), fields.get('response_mode'));
  }
}

function withState(answer: URLSearchParams, fields: URLSearchParams): URLSearchParams {
  const state = fields.get('state');
  if (state !== null) answer.set('state', state);
  return answer;
}

function checkRequest(fields: URLSearchParams, version: Version): void {
  const responseType = fields.get('response_type');
  if (responseType === null) throw parameterMissing('response_type');
  if (responseType !== 'code') {
    throw fail(
      700054,
      'unsupported_response_type',
      400,
      `response_type '${responseType}' is not enabled for the application.`,
    );
  }
  if (version === 'v2' && !fields.get('scope')) throw parameterMissing('scope');
  const mode = fields.get('response_mode');
  if (mode !== null && !['query', 'fragment', 'form_post'].includes(mode)) {
    throw fail(
      70007,
      'invalid_request',
      400,
      `'${mode}' is not a supported value of 'response_mode' when requesting a code.`,
    );
  }
  const method = fields.get('code_challenge_method');
  if (method !== null && method !== 'S256' && method !== 'plain') {
    throw fail(501491, 'invalid_request', 400, `Invalid code_challenge_method '${method}'.`);
  }
  if (fields.get('prompt') === 'none') {
    throw fail(50058, 'login_required', 400, 'A silent sign-in request was sent but no user is signed in.');
  }
}

function proceed(
  cloud: Cloud,
  pathTenant: Tenant | null,
  application: Application,
  redirectUri: string,
  { fields, step, accepted, username }: Interaction,
  version: Version,
): Reply {
  if (step === 'start') return signInPage(pathTenant, application, fields, null);
  const account = signIn(cloud, pathTenant, username);
  if ('refusal' in account) return signInPage(pathTenant, application, fields, account.refusal);
  const { tenant, user } = account;
  const principal = findServicePrincipal(cloud.database, tenant, application);
  const known = principal !== null && !principal.deleted;
  const prompt = fields.get('prompt') ?? '';
  const asked = prompt === 'consent' || prompt === 'admin_consent';
  if (known && principal.disabled) throw applicationDisabled(application.appId, application.displayName);
  if (!known || asked) {
    // An unverified multitenant application gets no consent from a plain user; neither does one that asks for roles.
    if (!mayConsent(user) && (!known || application.requiredRoles.length > 0)) {
      return approvalNeededPage(application, user);
    }
    if (step === 'sign-in') return consentPage(tenant, application, user, fields, mayConsent(user));
    if (!accepted) throw fail(65004, 'access_denied', 400, 'User declined to consent to access the app.', 'cancel');
    if (mayConsent(user)) grantConsent(cloud.database, tenant, application, Date.now());
  }
  const answer = new URLSearchParams({
    code: issueCode(cloud, tenant, application, user, redirectUri, fields, version),
  });
  if (prompt === 'admin_consent') answer.set('admin_consent', 'True');
  answer.set('session_state', crypto.randomUUID());
  return sendBack(redirectUri, withState(answer, fields), fields.get('response_mode'));
}

function issueCode(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  user: TenantUser,
  redirectUri: string,
  fields: URLSearchParams,
  version: Version,
): string {
  const grant = {
    tid: tenant.tid,
    appId: application.appId,
    userPrincipalName: user.userPrincipalName,
    redirectUri,
    scope: fields.get('scope') ?? '',
    resource: fields.get('resource') ?? 'https://graph.microsoft.com',
    nonce: fields.get('nonce'),
    codeChallenge: fields.get('code_challenge'),
    codeChallengeMethod: fields.get('code_challenge_method'),
    version,
  };
  return issueGrant(cloud.database, 'code', grant, CODE_LIFETIME_MS);
}
