import type { WireRecord } from '@/lib/microsoft/graph';
import { elementTexts } from '@/lib/microsoft/json-slices';
import { alertSchema, evidenceSchema } from '@/lib/microsoft/schemas';
import { ticksOf } from '@/lib/ticks';
import { evidenceLabel } from './evidence-label';
import { ID_LENGTH_MAX, type Rejection, severityRank } from './record';
import { unstorableIn } from './storable';

/** Names as the table's columns. */
export interface EvidenceRow {
  ordinal: number;
  kind: string;
  verdict: string | null;
  remediation_status: string | null;
  roles: string[];
  label: string | null;
  created_text: string | null;
  /** All members but the type, with those that have columns too. */
  fields: Record<string, unknown>;
}

/** Names as the table's columns. */
export interface AlertRow {
  id: string;
  title: string;
  severity: string;
  severity_rank: number;
  status: string;
  classification: string | null;
  determination: string | null;
  category: string | null;
  service_source: string | null;
  detection_source: string | null;
  product_name: string | null;
  assigned_to: string | null;
  description: string | null;
  recommended_actions: string | null;
  threat_display_name: string | null;
  actor_display_name: string | null;
  investigation_state: string | null;
  mitre_techniques: string[];
  web_url: string | null;
  created_text: string | null;
  created_ticks: string | null;
  last_update_text: string | null;
  last_update_ticks: string | null;
  first_activity_text: string | null;
  last_activity_text: string | null;
  resolved_text: string | null;
  raw: string;
  evidence: EvidenceRow[];
}

const TYPE_PREFIX = '#microsoft.graph.security.';

function evidenceRow(value: unknown, ordinal: number): EvidenceRow | null {
  const parsed = evidenceSchema.safeParse(value);
  if (!parsed.success) return null;
  const { '@odata.type': type, ...fields } = parsed.data;
  const kind = type?.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : (type ?? 'unknown');
  return {
    ordinal,
    kind,
    verdict: fields.verdict ?? null,
    remediation_status: fields.remediationStatus ?? null,
    roles: fields.roles,
    label: evidenceLabel(kind, fields),
    created_text: fields.createdDateTime ?? null,
    fields,
  };
}

function ticksText(text: string | null | undefined): string | null {
  return text ? (ticksOf(text)?.toString() ?? null) : null;
}

/** Judges one alert with its evidence, whichever list it came in. */
export function alertRowFrom(record: WireRecord, entraTenantId: string): AlertRow | Rejection {
  const parsed = alertSchema.safeParse(record.value);
  const reject = (reason: Rejection['reason']): Rejection => {
    const id = parsed.success ? parsed.data.id : null;
    return {
      reason,
      recordId: id && id.length <= ID_LENGTH_MAX && unstorableIn(id) === null ? id : null,
      raw: record.text,
    };
  };
  if (!parsed.success || parsed.data.id.length > ID_LENGTH_MAX) return reject('SHAPE');
  const wire = parsed.data;
  if (wire.tenantId && wire.tenantId.toLowerCase() !== entraTenantId) return reject('WRONG_TENANT');
  const evidence = wire.evidence.map(evidenceRow);
  if (evidence.includes(null)) return reject('SHAPE');
  const severity = wire.severity ?? 'unknown';
  const row: AlertRow = {
    id: wire.id,
    title: wire.title ?? '',
    severity,
    severity_rank: severityRank(severity),
    status: wire.status ?? 'unknown',
    classification: wire.classification ?? null,
    determination: wire.determination ?? null,
    category: wire.category ?? null,
    service_source: wire.serviceSource ?? null,
    detection_source: wire.detectionSource ?? null,
    product_name: wire.productName ?? null,
    assigned_to: wire.assignedTo ?? null,
    description: wire.description ?? null,
    recommended_actions: wire.recommendedActions ?? null,
    threat_display_name: wire.threatDisplayName ?? null,
    actor_display_name: wire.actorDisplayName ?? null,
    investigation_state: wire.investigationState ?? null,
    mitre_techniques: wire.mitreTechniques,
    web_url: wire.alertWebUrl ?? null,
    created_text: wire.createdDateTime ?? null,
    created_ticks: ticksText(wire.createdDateTime),
    last_update_text: wire.lastUpdateDateTime ?? null,
    last_update_ticks: ticksText(wire.lastUpdateDateTime),
    first_activity_text: wire.firstActivityDateTime ?? null,
    last_activity_text: wire.lastActivityDateTime ?? null,
    resolved_text: wire.resolvedDateTime ?? null,
    raw: record.text,
    evidence: evidence.filter((piece) => piece !== null),
  };
  const trouble = unstorableIn(row);
  return trouble ? reject(trouble) : row;
}

/** Judges an incident's alerts one by one, so that a bad one does not lose its incident. */
export function alertsFrom(records: readonly WireRecord[], entraTenantId: string) {
  const alerts: AlertRow[] = [];
  const rejectedAlerts: Rejection[] = [];
  for (const record of records) {
    const judged = alertRowFrom(record, entraTenantId);
    if ('reason' in judged) rejectedAlerts.push(judged);
    else alerts.push(judged);
  }
  return { alerts, rejectedAlerts };
}

/** The alerts inside an expanded incident, each with its own text. */
export function recordsOfExpanded(incidentText: string, alerts: readonly unknown[]): WireRecord[] {
  const texts = elementTexts(incidentText, 'alerts');
  return alerts.map((value, index) => ({ value, text: texts[index] ?? JSON.stringify(value) }));
}
