import type { Cloud } from '../cloud.ts';
import { type Call, json, pathSegments, type Reply, redirect } from '../http/exchange.ts';
import { refusalOf, spoil } from '../http/faults.ts';
import { listApplications } from '../state/applications.ts';
import { recordCall } from '../state/calls.ts';
import { findTenant } from '../state/tenants.ts';
import { answerAdminConsent } from './admin-consent.ts';
import { answerAuthorize } from './authorize.ts';
import { instanceDiscovery, keySet, openIdConfiguration } from './discovery.ts';
import { EntraFailure, errorBody, errorReply } from './entra-error.ts';
import { errorPage, signedOutPage } from './pages.ts';
import { answerToken } from './token-endpoint.ts';

/** Everything under the login origin, recorded, and spoiled where a fault strikes. */
export async function answerLogin(cloud: Cloud, call: Call): Promise<Reply> {
  const [segment = ''] = pathSegments(call.url);
  const tid = findTenant(cloud.database, segment)?.tid ?? null;
  const fault = cloud.faults.strike(call, tid);
  const refusal = fault ? refusalOf(fault, call) : null;
  const answer = refusal ?? (await route(cloud, call));
  const reply = fault && !refusal ? spoil(fault, call, answer) : answer;
  recordCall(cloud.database, {
    at: Date.now(),
    service: 'login',
    tenant: tid,
    appId: new URLSearchParams(call.body).get('client_id') ?? call.url.searchParams.get('client_id'),
    method: call.method,
    path: call.url.pathname,
    status: reply.status,
    early: false,
    fault: fault?.kind ?? null,
  });
  const identified = { 'x-ms-request-id': call.requestId, ...reply.headers };
  return {
    ...reply,
    headers: call.clientRequestId ? { ...identified, 'client-request-id': call.clientRequestId } : identified,
  };
}

async function route(cloud: Cloud, call: Call): Promise<Reply> {
  const [segment = '', ...rest] = pathSegments(call.url);
  const path = rest.join('/');
  const version = path.includes('v2.0') ? 'v2' : 'v1';
  const asked = `${call.method} ${path}`;
  try {
    switch (asked) {
      case 'GET v2.0/.well-known/openid-configuration':
      case 'GET .well-known/openid-configuration':
        return openIdConfiguration(cloud, segment, version, call);
      case 'GET discovery/v2.0/keys':
      case 'GET discovery/keys':
        return keySet(cloud, segment, call);
      case 'GET discovery/instance':
        return instanceDiscovery(cloud, call);
      case 'POST oauth2/v2.0/token':
      case 'POST oauth2/token':
        return await answerToken(cloud, segment, version, call);
    }
  } catch (error) {
    if (error instanceof EntraFailure) return errorReply(error.entra, call);
    throw error;
  }
  try {
    switch (asked) {
      case 'GET oauth2/v2.0/authorize':
      case 'POST oauth2/v2.0/authorize':
      case 'GET oauth2/authorize':
      case 'POST oauth2/authorize':
        return answerAuthorize(cloud, segment, version, call);
      case 'GET v2.0/adminconsent':
      case 'POST v2.0/adminconsent':
      case 'GET adminconsent':
      case 'POST adminconsent':
        return answerAdminConsent(cloud, segment, version, call);
      case 'GET oauth2/v2.0/logout':
      case 'GET oauth2/logout':
        return signOut(cloud, call);
    }
  } catch (error) {
    if (error instanceof EntraFailure) return errorPage(errorBody(error.entra, call).error_description);
    throw error;
  }
  return json(404, { error: 'not_found' });
}

/** No session is kept, so there is none to end; only a registered address is returned to. */
function signOut(cloud: Cloud, call: Call): Reply {
  const target = call.url.searchParams.get('post_logout_redirect_uri');
  const registered = listApplications(cloud.database).some((application) =>
    application.redirectUris.includes(target ?? ''),
  );
  if (target === null || !registered) return signedOutPage();
  const state = call.url.searchParams.get('state');
  return redirect(
    state === null ? target : `${target}${target.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`,
  );
}
