import type { Db, JsonValue } from '@/lib/db/client';

/** Alerts that a page shows unless all are asked for. */
export const ALERTS_SHOWN = 20;

export interface Evidence {
  ordinal: number;
  /** Microsoft's type without its namespace, e.g. `deviceEvidence`; new ones come without notice. */
  kind: string;
  label: string | null;
  verdict: string | null;
  remediationStatus: string | null;
  roles: string[];
  fields: JsonValue;
}

export interface Alert {
  id: string;
  title: string;
  severity: string;
  status: string;
  classification: string | null;
  determination: string | null;
  category: string | null;
  serviceSource: string | null;
  detectionSource: string | null;
  productName: string | null;
  assignedTo: string | null;
  description: string | null;
  recommendedActions: string | null;
  threatDisplayName: string | null;
  actorDisplayName: string | null;
  investigationState: string | null;
  mitreTechniques: string[];
  webUrl: string | null;
  createdText: string | null;
  evidence: Evidence[];
}

/** A comment as far as it has the documented members. */
export interface Comment {
  text: string;
  author: string | null;
  createdText: string | null;
}

export interface IncidentFacts {
  id: string;
  title: string;
  severity: string;
  status: string;
  assignedTo: string | null;
  classification: string | null;
  determination: string | null;
  customTags: string[];
  systemTags: string[];
  serviceSources: string[];
  categories: string[];
  mitreTechniques: string[];
  description: string | null;
  summary: string | null;
  resolvingComment: string | null;
  lastModifiedBy: string | null;
  priorityScore: number | null;
  redirectIncidentId: string | null;
  webUrl: string | null;
  comments: Comment[];
  alertCount: number;
  alertsState: 'complete' | 'pending' | 'failed';
  alertsFailure: string | null;
  createdText: string;
  lastUpdateText: string;
  arrivedAt: Date;
  readAt: Date;
}

export interface IncidentTenant {
  tenantId: string;
  slug: string;
  entraTenantId: string;
  customerName: string;
}

const textOf = (value: JsonValue | undefined) => (typeof value === 'string' ? value : null);

function commentsFrom(value: JsonValue): Comment[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return [];
    const text = textOf(entry['comment']);
    if (text === null) return [];
    return [{ text, author: textOf(entry['createdByDisplayName']), createdText: textOf(entry['createdDateTime']) }];
  });
}

function alertsStateFrom(text: string): IncidentFacts['alertsState'] {
  return text === 'complete' || text === 'failed' ? text : 'pending';
}

/** The incident's own facts; null when the tenant has none of that id. */
export async function findFacts(db: Db, tenantId: string, id: string): Promise<IncidentFacts | null> {
  const row = await db.incident.findUnique({
    where: { tenantId_id: { tenantId, id } },
    omit: { contentHash: true, createdTicks: true, lastUpdateTicks: true, seq: true, provider: true },
  });
  if (!row) return null;
  const { tenantId: _, severityRank: __, isOpen: ___, comments, alertsState, ...facts } = row;
  return { ...facts, comments: commentsFrom(comments), alertsState: alertsStateFrom(alertsState) };
}

const ALERT_ORDER = [
  { severityRank: 'desc' as const },
  { createdTicks: { sort: 'desc' as const, nulls: 'last' as const } },
  { id: 'asc' as const },
];

/** The gravest and newest alerts first, `limit` at most, each with its evidence in Microsoft's order. */
export async function listAlerts(db: Db, tenantId: string, incidentId: string, limit: number): Promise<Alert[]> {
  const rows = await db.alert.findMany({
    where: { tenantId, incidentId },
    orderBy: ALERT_ORDER,
    take: limit,
    select: {
      id: true,
      title: true,
      severity: true,
      status: true,
      classification: true,
      determination: true,
      category: true,
      serviceSource: true,
      detectionSource: true,
      productName: true,
      assignedTo: true,
      description: true,
      recommendedActions: true,
      threatDisplayName: true,
      actorDisplayName: true,
      investigationState: true,
      mitreTechniques: true,
      webUrl: true,
      createdText: true,
      evidence: {
        where: { tenantId },
        orderBy: { ordinal: 'asc' },
        select: {
          ordinal: true,
          kind: true,
          label: true,
          verdict: true,
          remediationStatus: true,
          roles: true,
          fields: true,
        },
      },
    },
  });
  return rows;
}

export interface RawAlert {
  id: string;
  title: string;
  raw: string;
}

/** The records of the alerts that `listAlerts` gives, in the same order. */
export async function listRawAlerts(db: Db, tenantId: string, incidentId: string, limit: number): Promise<RawAlert[]> {
  return db.alert.findMany({
    where: { tenantId, incidentId },
    orderBy: ALERT_ORDER,
    take: limit,
    select: { id: true, title: true, raw: true },
  });
}

/** The record exactly as Microsoft sent it; null when it was not kept. */
export async function findRaw(db: Db, tenantId: string, id: string): Promise<string | null> {
  const row = await db.incidentRaw.findUnique({ where: { tenantId_id: { tenantId, id } }, select: { raw: true } });
  return row?.raw ?? null;
}

const MERGES_MAX = 20;

/** The id of the incident that a merged one lives on in, merges of merges followed; null when there is none to open. */
export async function survivorOf(db: Db, tenantId: string, id: string): Promise<string | null> {
  const seen = new Set([id]);
  let current = id;
  while (seen.size <= MERGES_MAX) {
    const row = await db.incident.findUnique({
      where: { tenantId_id: { tenantId, id: current } },
      select: { redirectIncidentId: true },
    });
    if (!row) return null;
    if (row.redirectIncidentId === null) return current === id ? null : current;
    if (seen.has(row.redirectIncidentId)) return null;
    seen.add(row.redirectIncidentId);
    current = row.redirectIncidentId;
  }
  return null;
}
