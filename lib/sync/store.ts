/**
 * Writes what a page brought: incidents, raw records, alerts, evidence, what had to be kept apart, and the position, all
 * in the caller's one transaction and only while its fencing token is the newest. One statement per table.
 */
import { createHash } from 'node:crypto';
import { type Db, sql } from '@/lib/db/client';
import { log } from '@/lib/log';
import { MicrosoftError } from '@/lib/microsoft/errors';
import type { AlertRow } from './alert-record';
import type { IncidentRecord } from './incident-record';
import { type Rejection, withoutAlerts } from './record';

/** A run of one stream of one tenant; a later run has a higher token, and this one may then write no more. */
export interface Fence {
  tenantId: string;
  stream: string;
  token: bigint;
}

/** The run was overtaken or stopped: what it was about to write belongs to the past. */
export class StaleFence extends Error {
  constructor() {
    super('Another run has taken over, or the reading was stopped');
    this.name = 'StaleFence';
  }
}

/** Holds the stream's row until the transaction ends. */
export async function assertFence(db: Db, { tenantId, stream, token }: Fence): Promise<void> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sync_state
    WHERE tenant_id = ${tenantId}::uuid AND stream = ${stream} AND fencing_token = ${token} FOR UPDATE`;
  if (rows.length === 0) throw new StaleFence();
}

/** Of several versions of one incident in a page the newest counts; ON CONFLICT would refuse a second. */
function newestPerId(records: readonly IncidentRecord[]): IncidentRecord[] {
  const newest = new Map<string, IncidentRecord>();
  for (const record of records) {
    const known = newest.get(record.row.id);
    if (!known || record.ticks >= known.ticks) newest.set(record.row.id, record);
  }
  return [...newest.values()];
}

interface Known {
  id: string;
  ticks: bigint;
  hash: string;
  alertsState: string;
}

async function knownRows(db: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, Known>> {
  const rows = await db.$queryRaw<Known[]>`
    SELECT id, last_update_ticks AS ticks, content_hash AS hash, alerts_state AS "alertsState" FROM incident
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY(${ids}::text[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

const INCIDENT_COLUMNS = sql`title, severity, severity_rank, status, is_open, assigned_to, classification, determination,
  custom_tags, system_tags, description, summary, resolving_comment, last_modified_by, priority_score,
  redirect_incident_id, web_url, comments, created_text, created_ticks, last_update_text, last_update_ticks, content_hash`;

async function writeIncidents(db: Db, tenantId: string, records: readonly IncidentRecord[]): Promise<Set<string>> {
  const rows = JSON.stringify(records.map(({ row }) => row));
  // The condition is asked again here, under the row's lock: an older version never replaces a newer one.
  const written = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO incident AS i (tenant_id, id, ${INCIDENT_COLUMNS})
    SELECT ${tenantId}::uuid, id, ${INCIDENT_COLUMNS}
    FROM jsonb_to_recordset(${rows}::jsonb) AS r (id text, title text, severity text, severity_rank smallint, status text,
      is_open boolean, assigned_to text, classification text, determination text, custom_tags text[],
      system_tags text[], description text, summary text, resolving_comment text, last_modified_by text,
      priority_score integer, redirect_incident_id text, web_url text, comments jsonb, created_text text,
      created_ticks bigint, last_update_text text, last_update_ticks bigint, content_hash text)
    ON CONFLICT (tenant_id, id) DO UPDATE SET (${INCIDENT_COLUMNS}) = (excluded.title, excluded.severity,
      excluded.severity_rank, excluded.status, excluded.is_open, excluded.assigned_to, excluded.classification,
      excluded.determination, excluded.custom_tags, excluded.system_tags, excluded.description, excluded.summary,
      excluded.resolving_comment, excluded.last_modified_by, excluded.priority_score, excluded.redirect_incident_id,
      excluded.web_url, excluded.comments, excluded.created_text, excluded.created_ticks, excluded.last_update_text,
      excluded.last_update_ticks, excluded.content_hash),
      alerts_state = 'pending', alerts_failure = NULL, read_at = clock_timestamp()
    WHERE i.last_update_ticks < excluded.last_update_ticks
      OR (i.last_update_ticks = excluded.last_update_ticks AND i.content_hash <> excluded.content_hash)
    RETURNING id`;
  const ids = new Set(written.map(({ id }) => id));
  const raws = records.filter(({ row }) => ids.has(row.id)).map(({ row }) => ({ id: row.id, raw: row.raw }));
  if (raws.length > 0) {
    await db.$executeRaw`
      INSERT INTO incident_raw (tenant_id, id, raw)
      SELECT ${tenantId}::uuid, id, raw FROM jsonb_to_recordset(${JSON.stringify(raws)}::jsonb) AS r (id text, raw text)
      ON CONFLICT (tenant_id, id) DO UPDATE SET raw = excluded.raw`;
  }
  return ids;
}

/** All alerts of one incident as they are now, and those of them that can't be kept. */
export interface AlertSet {
  incidentId: string;
  alerts: AlertRow[];
  rejectedAlerts: Rejection[];
}

/** Replaces the alerts of those incidents and works out what an incident shows of them. True when anything changed. */
export async function writeAlerts(db: Db, tenantId: string, sets: readonly AlertSet[]): Promise<boolean> {
  if (sets.length === 0) return false;
  const owners = sets.map(({ incidentId }) => incidentId);
  // An alert moves with a merge and could then be met under both incidents of one page.
  const byId = new Map(
    sets.flatMap(({ incidentId, alerts }) => alerts.map((alert) => [alert.id, { incidentId, alert }])),
  );
  const rows = [...byId.values()].map(({ incidentId, alert: { evidence: _, ...row } }) => ({
    ...row,
    incident_id: incidentId,
  }));
  const removed = await db.$executeRaw`
    DELETE FROM alert WHERE tenant_id = ${tenantId}::uuid AND incident_id = ANY(${owners}::text[])
      AND id <> ALL(${[...byId.keys()]}::text[])`;
  const written = await upsertAlerts(db, tenantId, JSON.stringify(rows));
  if (written.length > 0) await replaceEvidence(db, tenantId, written, byId);
  const failures = sets.filter(({ rejectedAlerts }) => rejectedAlerts.length > 0).map(({ incidentId }) => incidentId);
  const shown = await writeAlertSummary(db, tenantId, owners, failures);
  return removed > 0 || written.length > 0 || shown > 0;
}

const ALERT_COLUMNS = sql`incident_id, title, severity, severity_rank, status, classification, determination, category,
  service_source, detection_source, product_name, assigned_to, description, recommended_actions, threat_display_name,
  actor_display_name, investigation_state, mitre_techniques, web_url, created_text, created_ticks, last_update_text,
  last_update_ticks, first_activity_text, last_activity_text, resolved_text, raw`;

async function upsertAlerts(db: Db, tenantId: string, rows: string): Promise<string[]> {
  const written = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO alert AS a (tenant_id, id, ${ALERT_COLUMNS})
    SELECT ${tenantId}::uuid, id, ${ALERT_COLUMNS}
    FROM jsonb_to_recordset(${rows}::jsonb) AS r (id text, incident_id text, title text, severity text,
      severity_rank smallint, status text, classification text, determination text, category text, service_source text,
      detection_source text, product_name text, assigned_to text, description text, recommended_actions text,
      threat_display_name text, actor_display_name text, investigation_state text, mitre_techniques text[],
      web_url text, created_text text, created_ticks bigint, last_update_text text, last_update_ticks bigint,
      first_activity_text text, last_activity_text text, resolved_text text, raw text)
    ON CONFLICT (tenant_id, id) DO UPDATE SET (${ALERT_COLUMNS}) = (excluded.incident_id, excluded.title,
      excluded.severity, excluded.severity_rank, excluded.status, excluded.classification, excluded.determination,
      excluded.category, excluded.service_source, excluded.detection_source, excluded.product_name,
      excluded.assigned_to, excluded.description, excluded.recommended_actions, excluded.threat_display_name,
      excluded.actor_display_name, excluded.investigation_state, excluded.mitre_techniques, excluded.web_url,
      excluded.created_text, excluded.created_ticks, excluded.last_update_text, excluded.last_update_ticks,
      excluded.first_activity_text, excluded.last_activity_text, excluded.resolved_text, excluded.raw)
    WHERE (a.raw <> excluded.raw OR a.incident_id <> excluded.incident_id)
      AND coalesce(excluded.last_update_ticks >= a.last_update_ticks, true)
    RETURNING id`;
  return written.map(({ id }) => id);
}

async function replaceEvidence(
  db: Db,
  tenantId: string,
  ids: readonly string[],
  alerts: Map<string, { alert: AlertRow }>,
) {
  await db.$executeRaw`DELETE FROM evidence WHERE tenant_id = ${tenantId}::uuid AND alert_id = ANY(${ids}::text[])`;
  const rows = ids.flatMap((id) => (alerts.get(id)?.alert.evidence ?? []).map((piece) => ({ ...piece, alert_id: id })));
  await db.$executeRaw`
    INSERT INTO evidence (tenant_id, alert_id, ordinal, kind, verdict, remediation_status, roles, label, created_text,
      fields)
    SELECT ${tenantId}::uuid, alert_id, ordinal, kind, verdict, remediation_status, roles, label, created_text, fields
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (alert_id text, ordinal integer, kind text,
      verdict text, remediation_status text, roles text[], label text, created_text text, fields jsonb)`;
}

async function writeAlertSummary(db: Db, tenantId: string, owners: string[], failures: string[]): Promise<number> {
  return db.$executeRaw`
    UPDATE incident i SET alert_count = s.alert_count, service_sources = s.service_sources, categories = s.categories,
      mitre_techniques = s.mitre_techniques, alerts_state = s.alerts_state, alerts_failure = s.alerts_failure
    FROM (
      SELECT o.id, count(a.id)::integer AS alert_count,
        coalesce(array_agg(DISTINCT a.service_source) FILTER (WHERE a.service_source IS NOT NULL), '{}') AS service_sources,
        coalesce(array_agg(DISTINCT a.category) FILTER (WHERE a.category IS NOT NULL), '{}') AS categories,
        coalesce((SELECT array_agg(DISTINCT t) FROM alert b, unnest(b.mitre_techniques) t
          WHERE b.tenant_id = ${tenantId}::uuid AND b.incident_id = o.id), '{}') AS mitre_techniques,
        CASE WHEN o.id = ANY(${failures}::text[]) THEN 'failed' ELSE 'complete' END AS alerts_state,
        CASE WHEN o.id = ANY(${failures}::text[]) THEN 'QUARANTINED' END AS alerts_failure
      FROM unnest(${owners}::text[]) o(id)
      LEFT JOIN alert a ON a.tenant_id = ${tenantId}::uuid AND a.incident_id = o.id
      GROUP BY o.id
    ) s
    WHERE i.tenant_id = ${tenantId}::uuid AND i.id = s.id
      AND (i.alert_count, i.service_sources, i.categories, i.mitre_techniques, i.alerts_state, i.alerts_failure)
        IS DISTINCT FROM (s.alert_count, s.service_sources, s.categories, s.mitre_techniques, s.alerts_state, s.alerts_failure)`;
}

/** Keeps records that can't be stored, each once; answers how many are new. */
export async function quarantine(db: Db, fence: Fence, rejections: readonly Rejection[]): Promise<number> {
  if (rejections.length === 0) return 0;
  const rows = rejections.map(({ reason, recordId, raw }) => ({
    reason,
    record_id: recordId,
    raw,
    raw_hash: createHash('sha256').update(withoutAlerts(raw)).digest('base64url'),
  }));
  return db.$executeRaw`
    INSERT INTO quarantine (tenant_id, id, stream, record_id, reason, raw, raw_hash)
    SELECT ${fence.tenantId}::uuid, gen_random_uuid(), ${fence.stream}, record_id, reason, raw, raw_hash
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (record_id text, reason text, raw text, raw_hash text)
    ON CONFLICT (tenant_id, stream, raw_hash) DO NOTHING`;
}

/** After the records of a page were judged and kept apart: one of another tenant's ends the reading. */
export function assertTheirs({ tenantId }: Fence, rejections: readonly Rejection[]): void {
  const foreign = rejections.filter(({ reason }) => reason === 'WRONG_TENANT').length;
  if (foreign === 0) return;
  log.error({ tenantId, foreign }, 'Records of another tenant were kept apart; reading stops');
  throw new MicrosoftError('wrong_tenant', 'A record belongs to another tenant');
}

/** What a page changed. */
export interface PageResult {
  /** Incidents new or changed, whose alerts are still to be read unless they came along. */
  changedIds: string[];
  hasChanges: boolean;
}

/** Writes the good records of a page. Those that are known already, in the same version, cost one read. */
export async function writePage(db: Db, fence: Fence, page: readonly IncidentRecord[]): Promise<PageResult> {
  const { tenantId } = fence;
  const records = newestPerId(page);
  const known = await knownRows(
    db,
    tenantId,
    records.map(({ row }) => row.id),
  );
  const news = records.filter(({ row, ticks }) => {
    const before = known.get(row.id);
    return !before || before.ticks < ticks || (before.ticks === ticks && before.hash !== row.content_hash);
  });
  const changed = news.length > 0 ? await writeIncidents(db, tenantId, news) : new Set<string>();
  const sets = records.flatMap(({ row, ticks, alerts, rejectedAlerts }) => {
    const before = known.get(row.id);
    const isCurrent = changed.has(row.id) || (before !== undefined && before.ticks === ticks);
    return alerts && isCurrent ? [{ incidentId: row.id, alerts, rejectedAlerts }] : [];
  });
  const haveAlertsChanged = await writeAlerts(db, tenantId, sets);
  return { changedIds: [...changed], hasChanges: changed.size > 0 || haveAlertsChanged };
}
