import type { Cloud } from '../cloud.ts';
import { type Call, json, type Reply } from '../http/exchange.ts';
import { alertsOf, findIncident } from '../state/incidents.ts';
import type { Tenant } from '../state/tenants.ts';
import { GraphFailure } from './graph-error.ts';
import { nextLinkOf, readListQuery, readShape, runListQuery } from './list-query.ts';
import { contextOf, presentAlert, presentIncident, selectProperties, type View, viewOf } from './presentation.ts';
import { INCIDENT } from './schema.ts';

type Json = Record<string, unknown>;

function serviceFailed(): GraphFailure {
  return new GraphFailure(500, 'UnknownError', 'An internal server error occurred.');
}

function expandedAlerts(cloud: Cloud, tid: string, incidentId: string, view: View): Json[] {
  return alertsOf(cloud.database, tid, incidentId).map((alert) => presentAlert({ ...alert }, view));
}

/** https://learn.microsoft.com/graph/api/security-list-incidents */
export function listIncidents(cloud: Cloud, tenant: Tenant, call: Call): Reply {
  const query = readListQuery(call.url.searchParams, INCIDENT, tenant.scenario.skipCap);
  const view = viewOf(call, tenant);
  const page = runListQuery(cloud, tenant.tid, INCIDENT, query);
  const records = page.bodies.map((body) => JSON.parse(body) as Json);
  const { expandFails, poisonedIncidentIds } = tenant.scenario;
  const poisoned = records.some((record) => poisonedIncidentIds.includes(String(record['id'])));
  if (query.expand && (expandFails || poisoned)) throw serviceFailed();
  const value = records.map((record) => {
    const shown = selectProperties(presentIncident(record, view), query.select);
    if (query.expand) shown['alerts'] = expandedAlerts(cloud, tenant.tid, String(record['id']), view);
    return shown;
  });
  return json(200, {
    '@odata.context': contextOf(cloud, query.expand ? 'security/incidents(alerts())' : 'security/incidents'),
    ...(page.total === null ? {} : { '@odata.count': page.total }),
    ...(page.more ? { '@odata.nextLink': nextLinkOf(call.url, query) } : {}),
    value,
  });
}

export function requireIncident(cloud: Cloud, tenant: Tenant, id: string): Json {
  const incident = findIncident(cloud.database, tenant.tid, id);
  if (!incident) throw new GraphFailure(404, 'NotFound', `Incident with id '${id}' was not found.`);
  return { ...incident };
}

/** https://learn.microsoft.com/graph/api/security-incident-get */
export function getIncident(cloud: Cloud, tenant: Tenant, call: Call, id: string): Reply {
  const shape = readShape(call.url.searchParams, INCIDENT);
  const view = viewOf(call, tenant);
  const shown = selectProperties(presentIncident(requireIncident(cloud, tenant, id), view), shape.select);
  if (shape.expand) {
    if (tenant.scenario.poisonedIncidentIds.includes(id)) throw serviceFailed();
    shown['alerts'] = expandedAlerts(cloud, tenant.tid, id, view);
  }
  const path = shape.expand ? 'security/incidents(alerts())/$entity' : 'security/incidents/$entity';
  return json(200, { '@odata.context': contextOf(cloud, path), ...shown });
}

export function listIncidentAlerts(cloud: Cloud, tenant: Tenant, call: Call, id: string): Reply {
  requireIncident(cloud, tenant, id);
  if (tenant.scenario.poisonedIncidentIds.includes(id)) throw serviceFailed();
  const value = expandedAlerts(cloud, tenant.tid, id, viewOf(call, tenant));
  return json(200, { '@odata.context': contextOf(cloud, `security/incidents('${id}')/alerts`), value });
}
