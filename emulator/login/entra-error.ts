import { randomUUID } from 'node:crypto';
import { type Call, json, type Reply } from '../http/exchange.ts';

interface EntraError {
  code: number;
  error: string;
  status: number;
  text: string;
  suberror?: string;
}

interface ErrorBody {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri: string;
  suberror?: string;
}

/** Thrown anywhere in the login service; becomes a JSON body, a redirect or a page, depending on where it happened. */
export class EntraFailure extends Error {
  readonly entra: EntraError;

  constructor(entra: EntraError) {
    super(entra.text);
    this.entra = entra;
  }
}

export function fail(code: number, error: string, status: number, text: string, suberror?: string): EntraFailure {
  return new EntraFailure({ code, error, status, text, ...(suberror === undefined ? {} : { suberror }) });
}

/** The description with its trailer, as Entra has written it since about 2024 (spaces, not line breaks). */
export function errorBody(failure: EntraError, call: Call): ErrorBody {
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const correlation = call.clientRequestId ?? randomUUID();
  const trailer = `Trace ID: ${call.requestId} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return {
    error: failure.error,
    error_description: `AADSTS${failure.code}: ${failure.text} ${trailer}`,
    error_codes: [failure.code],
    timestamp,
    trace_id: call.requestId,
    correlation_id: correlation,
    error_uri: `${call.url.origin}/error?code=${failure.code}`,
    ...(failure.suberror === undefined ? {} : { suberror: failure.suberror }),
  };
}

export function errorReply(failure: EntraError, call: Call): Reply {
  return json(failure.status, errorBody(failure, call), { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' });
}

// Texts follow https://learn.microsoft.com/entra/identity-platform/reference-error-codes
export const tenantNotFound = (name: string) =>
  fail(
    90002,
    'invalid_request',
    400,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );

export const applicationNotFound = (appId: string, directory: string) =>
  fail(
    700016,
    'unauthorized_client',
    400,
    `Application with identifier '${appId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );

export const principalMissing = (appId: string, tid: string) =>
  fail(
    7000229,
    'invalid_client',
    401,
    `The client application ${appId} is missing service principal in the tenant ${tid}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  );

export const applicationDisabled = (appId: string, name: string) =>
  fail(7000112, 'unauthorized_client', 400, `Application '${appId}'(${name}) is disabled.`);

export const wrongRedirect = (redirectUri: string, appId: string) =>
  fail(
    50011,
    'invalid_request',
    400,
    `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.`,
  );

export const parameterMissing = (name: string) =>
  fail(900144, 'invalid_request', 400, `The request body must contain the following parameter: '${name}'.`);

export const notMultitenant = (appId: string, name: string) =>
  fail(
    50194,
    'invalid_request',
    400,
    `Application '${appId}'(${name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
  );

export const serviceLacking = (resourceId: string, resourceName: string, tid: string) =>
  fail(
    650052,
    'invalid_client',
    400,
    `The app is trying to access a service '${resourceId}'(${resourceName}) that your organization '${tid}' lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions or consent to the application in order to create the required service principal.`,
  );

export const consentRequired = (appId: string, name: string) =>
  fail(
    65001,
    'invalid_grant',
    400,
    `The user or administrator has not consented to use the application with ID '${appId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
    'consent_required',
  );

export const invalidScope = (scope: string) =>
  fail(
    70011,
    'invalid_scope',
    400,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
