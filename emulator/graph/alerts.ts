import type { Cloud } from '../cloud.ts';
import { type Call, json, type Reply } from '../http/exchange.ts';
import { findAlert } from '../state/incidents.ts';
import type { Alert } from '../state/security-records.ts';
import type { Tenant } from '../state/tenants.ts';
import { GraphFailure } from './graph-error.ts';
import { nextLinkOf, readListQuery, readShape, runListQuery } from './list-query.ts';
import { contextOf, presentAlert, selectProperties, viewOf } from './presentation.ts';
import { ALERT } from './schema.ts';

type Json = Record<string, unknown>;

/** https://learn.microsoft.com/graph/api/security-list-alerts_v2 */
export function listAlerts(cloud: Cloud, tenant: Tenant, call: Call): Reply {
  const query = readListQuery(call.url.searchParams, ALERT, false);
  const view = viewOf(call, tenant);
  const page = runListQuery(cloud, tenant.tid, ALERT, query);
  const value = page.bodies.map((body) => selectProperties(presentAlert(JSON.parse(body) as Json, view), query.select));
  return json(200, {
    '@odata.context': contextOf(cloud, 'security/alerts_v2'),
    ...(page.total === null ? {} : { '@odata.count': page.total }),
    ...(page.more ? { '@odata.nextLink': nextLinkOf(call.url, query) } : {}),
    value,
  });
}

export function requireAlert(cloud: Cloud, tenant: Tenant, id: string): Alert {
  const alert = findAlert(cloud.database, tenant.tid, id);
  if (!alert) throw new GraphFailure(404, 'NotFound', `Alert with id '${id}' was not found.`);
  return alert;
}

export function getAlert(cloud: Cloud, tenant: Tenant, call: Call, id: string): Reply {
  const { select } = readShape(call.url.searchParams, ALERT);
  const shown = selectProperties(presentAlert({ ...requireAlert(cloud, tenant, id) }, viewOf(call, tenant)), select);
  return json(200, { '@odata.context': contextOf(cloud, 'security/alerts_v2/$entity'), ...shown });
}
