import { setTimeout as pause } from 'node:timers/promises';
import type { Cloud } from '../cloud.ts';
import { type Call, json, pathSegments, type Reply } from '../http/exchange.ts';
import { announcedWaitMs, refusalOf, spoil } from '../http/faults.ts';
import { recordCall } from '../state/calls.ts';
import { revealDue } from '../state/incidents.ts';
import { findTenant, type Tenant } from '../state/tenants.ts';
import { getAlert, listAlerts } from './alerts.ts';
import { authenticate, type Caller, requireRole } from './bearer.ts';
import { badRequest, failureReply, GraphFailure } from './graph-error.ts';
import { runHuntingQuery } from './hunting/run-hunting-query.ts';
import { getIncident, listIncidentAlerts, listIncidents } from './incidents.ts';
import { contextOf } from './presentation.ts';
import { admit, announceWait } from './throttle.ts';
import { commentAlert, commentIncident, updateAlert, updateIncident } from './writes.ts';

const READ_INCIDENTS = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
const WRITE_INCIDENTS = ['SecurityIncident.ReadWrite.All'];
const READ_ALERTS = ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'];
const WRITE_ALERTS = ['SecurityAlert.ReadWrite.All'];

/** Everything under the Graph origin, recorded, and spoiled where a fault strikes. */
export async function answerGraph(cloud: Cloud, call: Call): Promise<Reply> {
  const trace: Trace = { tid: null, appId: null, early: false, fault: null };
  let reply: Reply;
  try {
    reply = await admitted(cloud, call, trace);
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error;
    reply = failureReply(error, call);
  }
  recordCall(cloud.database, {
    at: Date.now(),
    service: 'graph',
    tenant: trace.tid,
    appId: trace.appId,
    method: call.method,
    path: call.url.pathname + call.url.search,
    status: reply.status,
    early: trace.early,
    fault: trace.fault,
  });
  const identity = { 'request-id': call.requestId, 'client-request-id': call.clientRequestId ?? call.requestId };
  return { ...reply, headers: { 'cache-control': 'no-cache', ...identity, ...reply.headers } };
}

interface Trace {
  tid: string | null;
  appId: string | null;
  early: boolean;
  fault: string | null;
}

async function admitted(cloud: Cloud, call: Call, trace: Trace): Promise<Reply> {
  const caller = await authenticate(cloud, call);
  trace.tid = caller.tid;
  trace.appId = caller.appId;
  if (call.url.pathname === '/oidc/userinfo') return userInfo(caller);
  const tenant = findTenant(cloud.database, caller.tid);
  if (!tenant) throw new GraphFailure(401, 'InvalidAuthenticationToken', 'The tenant of the token does not exist.');
  if (tenant.scenario.frozen === 'hang') await frozen(cloud, tenant.tid);
  if (tenant.scenario.latencyMs > 0) await pause(tenant.scenario.latencyMs, undefined, { ref: false });
  const verdict = admit(cloud, call, tenant, caller.appId);
  trace.early = verdict.early;
  const fault = cloud.faults.strike(call, tenant.tid);
  trace.fault = fault?.kind ?? null;
  const refusal = fault ? refusalOf(fault, call) : null;
  if (refusal) {
    const waitMs = announcedWaitMs(refusal);
    if (waitMs !== null) announceWait(cloud, call, tenant, caller.appId, waitMs);
    return refusal;
  }
  if (verdict.refusal) throw verdict.refusal;
  revealDue(cloud.database);
  const reply = answered(cloud, tenant, caller, call);
  return fault ? spoil(fault, call, reply) : reply;
}

/** Spoils refusals too: a broken connection does not ask what it carries. */
function answered(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call): Reply {
  try {
    return route(cloud, tenant, caller, call);
  } catch (error) {
    if (error instanceof GraphFailure) return failureReply(error, call);
    throw error;
  }
}

function route(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call): Reply {
  const segments = pathSegments(call.url);
  const [version, area, qualified, id = '', part] = segments;
  const collection = qualified?.replace(/^microsoft\.graph\.security\./, '');
  if (version !== 'v1.0') throw badRequest(`Invalid version: ${version}`);
  const shape = [call.method, area, collection, id === '' ? '' : '*', part].filter((piece) => piece).join(' ');
  if (area === 'security' && tenant.scenario.noDefender) {
    throw new GraphFailure(403, 'Forbidden', 'Unauthorized request - Account is not provisioned.');
  }
  switch (shape) {
    case 'GET organization':
      return organization(cloud, tenant, caller);
    case 'GET security incidents':
      requireRole(caller, READ_INCIDENTS);
      return listIncidents(cloud, tenant, call);
    case 'GET security incidents *':
      requireRole(caller, READ_INCIDENTS);
      return getIncident(cloud, tenant, call, id);
    case 'GET security incidents * alerts':
      requireRole(caller, READ_INCIDENTS);
      return listIncidentAlerts(cloud, tenant, call, id);
    case 'PATCH security incidents *':
      requireRole(caller, WRITE_INCIDENTS);
      return updateIncident(cloud, tenant, caller, call, id);
    case 'POST security incidents * comments':
      requireRole(caller, WRITE_INCIDENTS);
      return commentIncident(cloud, tenant, caller, call, id);
    case 'GET security alerts_v2':
      // The service takes the incident roles for alerts too.
      requireRole(caller, [...READ_ALERTS, ...READ_INCIDENTS], READ_ALERTS);
      return listAlerts(cloud, tenant, call);
    case 'GET security alerts_v2 *':
      requireRole(caller, [...READ_ALERTS, ...READ_INCIDENTS], READ_ALERTS);
      return getAlert(cloud, tenant, call, id);
    case 'PATCH security alerts_v2 *':
      requireRole(caller, WRITE_ALERTS);
      return updateAlert(cloud, tenant, caller, call, id);
    case 'POST security alerts_v2 * comments':
      requireRole(caller, WRITE_ALERTS);
      return commentAlert(cloud, tenant, caller, call, id);
    case 'POST security runHuntingQuery':
      requireRole(caller, ['ThreatHunting.Read.All']);
      return runHuntingQuery(cloud, tenant, call);
  }
  throw badRequest(`Resource not found for the segment '${segments.findLast((segment) => segment !== '') ?? ''}'.`);
}

async function frozen(cloud: Cloud, tid: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  cloud.frozen.set(tid, [...(cloud.frozen.get(tid) ?? []), resolve]);
  await promise;
}

function organization(cloud: Cloud, tenant: Tenant, caller: Caller): Reply {
  if (!caller.roles.includes('Organization.Read.All')) {
    throw new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  const verifiedDomains = [{ name: tenant.domain, isDefault: true, isInitial: false, type: 'Managed' }];
  const value = [{ id: tenant.tid, displayName: tenant.displayName, verifiedDomains }];
  return json(200, { '@odata.context': contextOf(cloud, 'organization'), value });
}

function userInfo(caller: Caller): Reply {
  if (caller.claims['idtyp'] !== 'user') {
    throw new GraphFailure(403, 'Forbidden', 'The token does not contain the required scope: openid.');
  }
  const { sub, name, upn } = caller.claims as Record<string, string>;
  return json(200, { sub, name, email: upn });
}
