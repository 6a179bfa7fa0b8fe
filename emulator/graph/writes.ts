import type { Cloud } from '../cloud.ts';
import { type Call, json, parseObject, type Reply } from '../http/exchange.ts';
import { changeIncident } from '../state/incidents.ts';
import type { Alert, Comment, Incident } from '../state/security-records.ts';
import type { Tenant } from '../state/tenants.ts';
import { requireAlert } from './alerts.ts';
import type { Caller } from './bearer.ts';
import { badRequest } from './graph-error.ts';
import { requireIncident } from './incidents.ts';
import { contextOf, presentAlert, presentIncident, viewOf } from './presentation.ts';
import { CLASSIFICATIONS, DETERMINATIONS, SEVERITIES } from './schema.ts';

type Rule = { kind: 'text' } | { kind: 'texts' } | { kind: 'enum'; members: string[] };

const TEXT: Rule = { kind: 'text' };
const oneOf = (members: string[]): Rule => ({ kind: 'enum', members });

// https://learn.microsoft.com/graph/api/security-incident-update (page of 2026-03-19)
const INCIDENT_RULES: Record<string, Rule> = {
  assignedTo: TEXT,
  classification: oneOf(CLASSIFICATIONS),
  determination: oneOf(DETERMINATIONS),
  customTags: { kind: 'texts' },
  status: oneOf(['active', 'resolved', 'inProgress', 'redirected']),
  severity: oneOf(SEVERITIES),
  displayName: TEXT,
  description: TEXT,
  summary: TEXT,
  resolvingComment: TEXT,
};

// https://learn.microsoft.com/graph/api/security-alert-update
const ALERT_RULES: Record<string, Rule> = {
  assignedTo: TEXT,
  classification: oneOf(CLASSIFICATIONS),
  determination: oneOf(DETERMINATIONS),
  status: oneOf(['new', 'inProgress', 'resolved']),
};

function nameOf(caller: Caller): string {
  return `API-App:${caller.appName}`;
}

function readChange(call: Call, rules: Record<string, Rule>, type: string): Record<string, unknown> {
  const body = parseObject(call.body);
  if (!body)
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  const change: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith('@odata.')) continue;
    const rule = rules[name];
    if (!rule) {
      throw badRequest(`The property '${name}' does not exist on type '${type}' or cannot be updated.`);
    }
    change[name] = readValue(name, value, rule);
  }
  if (Object.keys(change).length === 0) throw badRequest('The request body holds no property that can be updated.');
  return change;
}

function readValue(name: string, value: unknown, rule: Rule): unknown {
  if (rule.kind === 'text' && (value === null || typeof value === 'string')) return value;
  if (rule.kind === 'texts' && Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  if (rule.kind === 'enum' && typeof value === 'string') {
    // The documented request sends "TruePositive" and gets "truePositive" back.
    const member = rule.members.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (member) return member;
    throw badRequest(`Requested value '${value}' was not found for property '${name}'.`);
  }
  throw badRequest(`Cannot convert the value of property '${name}' to the expected type.`);
}

/** Resolving an incident resolves its alerts, and a verdict on it is a verdict on them, as in the Defender portal. */
function carryDown(incident: Incident, alerts: Alert[], change: Record<string, unknown>, at: string): void {
  for (const alert of alerts) {
    const before = JSON.stringify(alert);
    if (incident.status === 'resolved' && change['status'] !== undefined) {
      alert.status = 'resolved';
      alert.resolvedDateTime = at;
    }
    if (change['classification'] !== undefined) alert.classification = incident.classification;
    if (change['determination'] !== undefined) alert.determination = incident.determination;
    if (JSON.stringify(alert) !== before) alert.lastUpdateDateTime = at;
  }
}

export function updateIncident(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call, id: string): Reply {
  requireIncident(cloud, tenant, id);
  const change = readChange(call, INCIDENT_RULES, 'microsoft.graph.security.incident');
  changeIncident(cloud.database, tenant.tid, id, nameOf(caller), (version, at) => {
    Object.assign(version.incident, change);
    carryDown(version.incident, version.alerts, change, at);
  });
  const shown = presentIncident(requireIncident(cloud, tenant, id), viewOf(call, tenant));
  return json(200, { '@odata.context': contextOf(cloud, 'security/incidents/$entity'), ...shown });
}

export function updateAlert(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call, id: string): Reply {
  const { incidentId } = requireAlert(cloud, tenant, id);
  const change = readChange(call, ALERT_RULES, 'microsoft.graph.security.alert');
  changeIncident(cloud.database, tenant.tid, incidentId, nameOf(caller), (version, at) => {
    const alert = version.alerts.find((candidate) => candidate.id === id);
    if (!alert) return;
    Object.assign(alert, change, { lastUpdateDateTime: at });
    if (change['status'] !== undefined) alert.resolvedDateTime = alert.status === 'resolved' ? at : null;
  });
  const shown = presentAlert({ ...requireAlert(cloud, tenant, id) }, viewOf(call, tenant));
  return json(200, { '@odata.context': contextOf(cloud, 'security/alerts_v2/$entity'), ...shown });
}

function readComment(call: Call): string {
  const body = parseObject(call.body);
  const type = body?.['@odata.type'];
  const comment = body?.['comment'];
  const typed =
    type === undefined || (typeof type === 'string' && /^#?microsoft\.graph\.security\.alertComment$/.test(type));
  if (!typed || typeof comment !== 'string' || comment === '') throw badRequest('Comment is missing or not valid.');
  return comment;
}

export function commentIncident(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call, id: string): Reply {
  requireIncident(cloud, tenant, id);
  const comment = readComment(call);
  const version = changeIncident(cloud.database, tenant.tid, id, nameOf(caller), ({ incident }, at) => {
    incident.comments.push({ comment, createdByDisplayName: nameOf(caller), createdDateTime: at });
  });
  return comments(cloud, `security/incidents('${id}')/comments`, version?.incident.comments ?? []);
}

export function commentAlert(cloud: Cloud, tenant: Tenant, caller: Caller, call: Call, id: string): Reply {
  const { incidentId } = requireAlert(cloud, tenant, id);
  const comment = readComment(call);
  changeIncident(cloud.database, tenant.tid, incidentId, nameOf(caller), ({ alerts }, at) => {
    const alert = alerts.find((candidate) => candidate.id === id);
    if (!alert) return;
    alert.comments.push({ comment, createdByDisplayName: nameOf(caller), createdDateTime: at });
    alert.lastUpdateDateTime = at;
  });
  return comments(cloud, `security/alerts_v2('${id}')/comments`, requireAlert(cloud, tenant, id).comments);
}

/** All comments come back, not only the new one: https://learn.microsoft.com/graph/api/security-incident-post-comments */
function comments(cloud: Cloud, path: string, value: Comment[]): Reply {
  return json(200, { '@odata.context': contextOf(cloud, path), value });
}
