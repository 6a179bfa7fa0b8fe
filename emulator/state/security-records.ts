export interface Comment {
  comment: string;
  createdByDisplayName: string;
  createdDateTime: string;
}

/** `microsoft.graph.security.incident` without its alerts, every property present (Graph v1.0 CSDL, August 2026). */
export interface Incident {
  id: string;
  tenantId: string;
  status: string;
  incidentWebUrl: string;
  redirectIncidentId: string | null;
  displayName: string;
  createdDateTime: string;
  lastUpdateDateTime: string;
  assignedTo: string | null;
  classification: string;
  determination: string;
  severity: string;
  customTags: string[];
  systemTags: string[];
  description: string | null;
  lastModifiedBy: string | null;
  resolvingComment: string | null;
  summary: string | null;
  priorityScore: number | null;
  comments: Comment[];
}

export type Evidence = Record<string, unknown>;

/** `microsoft.graph.security.alert`, every property present. */
export interface Alert {
  id: string;
  providerAlertId: string;
  incidentId: string;
  status: string;
  severity: string;
  classification: string;
  determination: string;
  serviceSource: string;
  detectionSource: string;
  productName: string;
  detectorId: string | null;
  tenantId: string;
  title: string;
  description: string | null;
  recommendedActions: string | null;
  category: string | null;
  categories: string[];
  assignedTo: string | null;
  alertWebUrl: string;
  incidentWebUrl: string;
  actorDisplayName: string | null;
  threatDisplayName: string | null;
  threatFamilyName: string | null;
  mitreTechniques: string[];
  createdDateTime: string;
  lastUpdateDateTime: string;
  resolvedDateTime: string | null;
  firstActivityDateTime: string;
  lastActivityDateTime: string;
  systemTags: string[];
  alertPolicyId: string | null;
  investigationState: string;
  comments: Comment[];
  customDetails: Record<string, unknown>;
  evidence: Evidence[];
  additionalData: Record<string, unknown>;
}

export interface IncidentVersion {
  incident: Incident;
  alerts: Alert[];
}

export const INCIDENT_PROPERTIES =
  'status redirectIncidentId displayName createdDateTime lastUpdateDateTime assignedTo classification determination severity customTags systemTags description lastModifiedBy resolvingComment summary priorityScore comments'.split(
    ' ',
  );
