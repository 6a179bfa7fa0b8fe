import { type Cloud, thaw } from '../cloud.ts';
import { type Call, json, pathSegments, type Reply } from '../http/exchange.ts';
import { FAULT_KINDS, type FaultRule } from '../http/faults.ts';
import { listApplications } from '../state/applications.ts';
import { listCalls } from '../state/calls.ts';
import { readSetting } from '../state/settings.ts';
import { listTenants } from '../state/tenants.ts';
import { loadWorld, seedOf } from '../world/load-world.ts';
import { putApplication, showApplication } from './applications.ts';
import { patchIncident, postChanges, postIncidents, showLedger } from './incidents.ts';
import { allowOnly, ControlFailure, number, readBody, text } from './reading.ts';
import { patchPrincipal, patchScenario, putTenant, requireTenant, revoke, showTenant } from './tenants.ts';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** The strings behind the stage: for those who start the emulator, never for a browser and never over a network. */
export function answerControl(cloud: Cloud, call: Call): Reply {
  if (!LOOPBACK.test(call.headers.host ?? '') || call.headers.origin !== undefined) {
    return json(403, { error: 'The control API answers local programs only.' });
  }
  try {
    return json(200, route(cloud, call));
  } catch (error) {
    if (error instanceof ControlFailure) return json(error.status, { error: error.message });
    throw error;
  }
}

function route(cloud: Cloud, call: Call): unknown {
  const [resource = '', first = '', part = '', last = ''] = pathSegments(call.url);
  const shape = [call.method, resource, first && '*', part, last && '*'].filter((piece) => piece !== '').join(' ');
  switch (shape) {
    case 'GET health':
      return { status: 'ok' };
    case 'GET state':
      return showState(cloud);
    case 'POST reset':
      return reset(cloud, call.body);
    case 'PUT applications *':
      return putApplication(cloud, first, call.body);
    case 'GET tenants *':
      return showTenant(cloud, requireTenant(cloud, first));
    case 'PUT tenants *':
      return putTenant(cloud, first, call.body);
    case 'PATCH tenants * scenario':
      return patchScenario(cloud, first, call.body);
    case 'DELETE tenants * service-principals *':
      return revoke(cloud, first, last);
    case 'PATCH tenants * service-principals *':
      return patchPrincipal(cloud, first, last, call.body);
    case 'POST tenants * incidents':
      return postIncidents(cloud, first, call.body);
    case 'PATCH tenants * incidents *':
      return patchIncident(cloud, first, last, call.body);
    case 'POST tenants * changes':
      return postChanges(cloud, first, call.body);
    case 'GET faults':
      return { faults: cloud.faults.list() };
    case 'POST faults':
      return addFault(cloud, call.body);
    case 'DELETE faults':
      cloud.faults.clear();
      return { faults: [] };
    case 'GET ledger *':
      return showLedger(cloud, first);
    case 'GET calls':
      return showCalls(cloud, call.url.searchParams);
  }
  throw new ControlFailure(404, `No such control: ${call.method} ${call.url.pathname}`);
}

function showState(cloud: Cloud): unknown {
  return {
    world: readSetting(cloud.database, 'world'),
    seed: seedOf(cloud),
    applications: listApplications(cloud.database).map(showApplication),
    tenants: listTenants(cloud.database).map((tenant) => showTenant(cloud, tenant)),
  };
}

/** Everything is forgotten but the signing key; registrations lose their credentials with the rest. */
function reset(cloud: Cloud, body: string): unknown {
  const asked = readBody(body);
  allowOnly(asked, ['world', 'seed']);
  const world = text(asked, 'world', readSetting(cloud.database, 'world') ?? 'demo');
  if (world !== 'demo' && world !== 'empty') throw new ControlFailure(400, 'world must be demo or empty.');
  const seed = number(asked, 'seed', seedOf(cloud));
  cloud.faults.clear();
  cloud.throttles.clear();
  thaw(cloud, null);
  cloud.database.empty();
  loadWorld(cloud, world, seed);
  return { world, seed };
}

function addFault(cloud: Cloud, body: string): FaultRule {
  const asked = readBody(body);
  allowOnly(asked, ['tenantId', 'pathPattern', 'kind', 'probability', 'remaining', 'seed', 'retryAfter']);
  const kind = text(asked, 'kind', '');
  if (!FAULT_KINDS.includes(kind)) throw new ControlFailure(400, `kind must be one of ${FAULT_KINDS.join(', ')}.`);
  const retryAfter = asked['retryAfter'] ?? 'seconds';
  const forms = ['seconds', 'http-date', 'none', 'absurd'];
  if (typeof retryAfter !== 'number' && !forms.includes(String(retryAfter))) {
    throw new ControlFailure(400, `retryAfter must be a number of seconds or one of ${forms.join(', ')}.`);
  }
  const pathPattern = asked['pathPattern'] === undefined ? null : text(asked, 'pathPattern', '');
  try {
    new RegExp(pathPattern ?? '');
  } catch {
    throw new ControlFailure(400, 'pathPattern is not a regular expression.');
  }
  const rule: FaultRule = {
    tenantId: asked['tenantId'] === undefined ? null : text(asked, 'tenantId', '').toLowerCase(),
    pathPattern,
    kind,
    probability: number(asked, 'probability', 1),
    remaining: asked['remaining'] === undefined ? null : number(asked, 'remaining', 0),
    seed: number(asked, 'seed', seedOf(cloud)),
    retryAfter: retryAfter as FaultRule['retryAfter'],
  };
  cloud.faults.add(rule);
  return rule;
}

function showCalls(cloud: Cloud, parameters: URLSearchParams): unknown {
  const since = parameters.get('since') ?? '0';
  const sinceMs = /^\d+$/.test(since) ? Number(since) : Date.parse(since);
  if (Number.isNaN(sinceMs)) throw new ControlFailure(400, 'since must be milliseconds or an ISO time.');
  return { calls: listCalls(cloud.database, parameters.get('tenant'), sinceMs) };
}
