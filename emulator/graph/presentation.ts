import type { Cloud } from '../cloud.ts';
import type { Call } from '../http/exchange.ts';
import type { Tenant } from '../state/tenants.ts';
import { LATE_DETECTION_SOURCES, LATE_REMEDIATIONS, LATE_SERVICE_SOURCES } from './schema.ts';

type Json = Record<string, unknown>;

/** How one caller sees records: which enum members, under which tenant id, which properties. */
export interface View {
  knowsLateMembers: boolean;
  tenantId: string;
}

export function viewOf(call: Call, tenant: Tenant): View {
  const prefer = String(call.headers['prefer'] ?? '').toLowerCase();
  return {
    knowsLateMembers: prefer.includes('include-unknown-enum-members'),
    tenantId: tenant.scenario.rowTenantId ?? tenant.tid,
  };
}

function veil(value: unknown, late: string[]): unknown {
  return typeof value === 'string' && late.includes(value) ? 'unknownFutureValue' : value;
}

/** https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations */
export function presentIncident(incident: Json, view: View): Json {
  const shown = { ...incident, tenantId: view.tenantId };
  if (view.knowsLateMembers) return shown;
  return { ...shown, status: veil(incident['status'], ['awaitingAction']) };
}

export function presentAlert(alert: Json, view: View): Json {
  const shown = { ...alert, tenantId: view.tenantId };
  if (view.knowsLateMembers) return shown;
  const evidence = (alert['evidence'] as Json[]).map((item) => ({
    ...item,
    remediationStatus: veil(item['remediationStatus'], LATE_REMEDIATIONS),
  }));
  return {
    ...shown,
    serviceSource: veil(alert['serviceSource'], LATE_SERVICE_SOURCES),
    detectionSource: veil(alert['detectionSource'], LATE_DETECTION_SOURCES),
    evidence,
  };
}

/** The key stays whether selected or not, as OData keeps it. */
export function selectProperties(record: Json, select: string[] | null): Json {
  if (select === null) return record;
  const kept = ['id', ...select];
  return Object.fromEntries(Object.entries(record).filter(([name]) => kept.includes(name)));
}

export function contextOf(cloud: Cloud, path: string): string {
  return `${cloud.graphOrigin}/v1.0/$metadata#${path}`;
}
