/** From a record as Microsoft sent it to the row that is kept, or to the reason why it can't be. */
import { createHash } from 'node:crypto';
import type { WireRecord } from '@/lib/microsoft/graph';
import { incidentSchema } from '@/lib/microsoft/schemas';
import { ticksOf } from '@/lib/ticks';
import { type AlertRow, alertsFrom, recordsOfExpanded } from './alert-record';
import { ID_LENGTH_MAX, type Rejection, severityRank, smallInteger, withoutAlerts } from './record';
import { unstorableIn } from './storable';

/** Names as the table's columns: rows go to PostgreSQL as one JSON text. */
export interface IncidentRow {
  id: string;
  title: string;
  severity: string;
  severity_rank: number;
  status: string;
  is_open: boolean;
  assigned_to: string | null;
  classification: string | null;
  determination: string | null;
  custom_tags: string[];
  system_tags: string[];
  description: string | null;
  summary: string | null;
  resolving_comment: string | null;
  last_modified_by: string | null;
  priority_score: number | null;
  redirect_incident_id: string | null;
  web_url: string | null;
  comments: unknown[];
  created_text: string;
  created_ticks: string;
  last_update_text: string;
  last_update_ticks: string;
  content_hash: string;
  raw: string;
}

export interface IncidentRecord {
  row: IncidentRow;
  ticks: bigint;
  /** Null when the page came without alerts, or without all of them. */
  alerts: AlertRow[] | null;
  /** Alerts of this incident that can't be kept. */
  rejectedAlerts: Rejection[];
}

const CLOSED = new Set(['resolved', 'redirected']);

/** Judges one element of a list of incidents of the tenant `entraTenantId` (lower case). */
export function incidentRecordFrom(record: WireRecord, entraTenantId: string): IncidentRecord | Rejection {
  const parsed = incidentSchema.safeParse(record.value);
  const reject = (reason: Rejection['reason']): Rejection => ({
    reason,
    recordId: idOf(record.value),
    raw: record.text,
  });
  if (!parsed.success) return reject('SHAPE');
  const wire = parsed.data;
  if (wire.tenantId?.toLowerCase() !== entraTenantId) return reject('WRONG_TENANT');
  if (wire.id.length > ID_LENGTH_MAX) return reject('SHAPE');
  const createdTicks = ticksOf(wire.createdDateTime);
  const ticks = ticksOf(wire.lastUpdateDateTime);
  if (createdTicks === null || ticks === null) return reject('TIMESTAMP');
  const raw = withoutAlerts(record.text);
  const status = wire.status ?? 'unknown';
  const severity = wire.severity ?? 'unknown';
  const row: IncidentRow = {
    id: wire.id,
    title: wire.displayName ?? '',
    severity,
    severity_rank: severityRank(severity),
    status,
    is_open: !CLOSED.has(status),
    assigned_to: wire.assignedTo ?? null,
    classification: wire.classification ?? null,
    determination: wire.determination ?? null,
    custom_tags: wire.customTags,
    system_tags: wire.systemTags,
    description: wire.description ?? null,
    summary: wire.summary ?? null,
    resolving_comment: wire.resolvingComment ?? null,
    last_modified_by: wire.lastModifiedBy ?? null,
    priority_score: smallInteger(wire.priorityScore),
    redirect_incident_id: wire.redirectIncidentId ?? null,
    web_url: wire.incidentWebUrl ?? null,
    comments: wire.comments,
    created_text: wire.createdDateTime,
    created_ticks: createdTicks.toString(),
    last_update_text: wire.lastUpdateDateTime,
    last_update_ticks: ticks.toString(),
    content_hash: createHash('sha256').update(raw).digest('base64url'),
    raw,
  };
  const trouble = unstorableIn(row);
  if (trouble) return reject(trouble);
  const { alerts } = wire;
  // A second page of alerts would have to be fetched: then they all are, by the incident's own list.
  const hasAll = Array.isArray(alerts) && wire['alerts@odata.nextLink'] === undefined;
  if (!hasAll) return { row, ticks, alerts: null, rejectedAlerts: [] };
  return { row, ticks, ...alertsFrom(recordsOfExpanded(record.text, alerts), entraTenantId) };
}

function idOf(value: unknown): string | null {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' && id.length <= ID_LENGTH_MAX && unstorableIn(id) === null ? id : null;
}
