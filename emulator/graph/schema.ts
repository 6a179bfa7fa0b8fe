/** The parts of the Graph v1.0 CSDL that queries are checked against. */
type FieldKind = 'ticks' | 'text' | 'enum';

export interface Field {
  column: string;
  kind: FieldKind;
  members?: string[];
}

export interface Entity {
  type: string;
  table: 'incidents' | 'alerts';
  /** Properties that `$filter` and `$orderby` take. */
  queryable: Record<string, Field>;
  properties: string[];
  /** Collections of complex values that an any-lambda may walk. */
  collections: string[];
  navigation: string[];
  largestTop: number;
  /** Above the largest: a 400, or quietly the largest. */
  clampsTop: boolean;
}

const words = (text: string) => text.split(' ');

export const CLASSIFICATIONS = words('unknown falsePositive truePositive informationalExpectedActivity');
export const DETERMINATIONS = words(
  'unknown apt malware securityPersonnel securityTesting unwantedSoftware other multiStagedAttack compromisedAccount phishing maliciousUserActivity notMalicious notEnoughDataToValidate confirmedActivity lineOfBusinessApplication',
);
export const SEVERITIES = words('unknown informational low medium high');
const INCIDENT_STATUSES = words('active resolved inProgress redirected unknownFutureValue awaitingAction');
const ALERT_STATUSES = words('unknown new inProgress resolved unknownFutureValue');
// Members after unknownFutureValue are sent only to callers that prefer them.
export const LATE_SERVICE_SOURCES = words(
  'microsoftDefenderForCloud microsoftSentinel microsoftInsiderRiskManagement microsoftThreatIntelligence microsoftSecurityForAI',
);
const SERVICE_SOURCES = [
  ...words(
    'unknown microsoftDefenderForEndpoint microsoftDefenderForIdentity microsoftDefenderForCloudApps microsoftDefenderForOffice365 microsoft365Defender azureAdIdentityProtection microsoftAppGovernance dataLossPrevention unknownFutureValue',
  ),
  ...LATE_SERVICE_SOURCES,
];
export const LATE_DETECTION_SOURCES = words(
  'microsoftDefenderForCloud microsoftDefenderForIoT microsoftDefenderForServers microsoftDefenderForStorage microsoftDefenderForDNS microsoftDefenderForDatabases microsoftDefenderForContainers microsoftDefenderForNetwork microsoftDefenderForAppService microsoftDefenderForKeyVault microsoftDefenderForResourceManager microsoftDefenderForApiManagement nrtAlerts scheduledAlerts microsoftDefenderThreatIntelligenceAnalytics builtInMl microsoftInsiderRiskManagement microsoftThreatIntelligence microsoftDefenderForAIServices securityCopilot microsoftSentinel',
);
export const LATE_REMEDIATIONS = words('active pendingApproval declined unremediated running partiallyRemediated');

const SHARED: Record<string, Field> = {
  assignedTo: { column: 'assigned_to', kind: 'text' },
  classification: { column: 'classification', kind: 'enum', members: CLASSIFICATIONS },
  createdDateTime: { column: 'created', kind: 'ticks' },
  determination: { column: 'determination', kind: 'enum', members: DETERMINATIONS },
  lastUpdateDateTime: { column: 'updated', kind: 'ticks' },
  severity: { column: 'severity', kind: 'enum', members: SEVERITIES },
};

export const INCIDENT: Entity = {
  type: 'microsoft.graph.security.incident',
  table: 'incidents',
  queryable: { ...SHARED, status: { column: 'status', kind: 'enum', members: INCIDENT_STATUSES } },
  properties: words(
    'id assignedTo classification comments createdDateTime customTags description determination displayName incidentWebUrl lastModifiedBy lastUpdateDateTime priorityScore redirectIncidentId resolvingComment severity status summary systemTags tenantId',
  ),
  collections: [],
  navigation: ['alerts'],
  largestTop: 50,
  clampsTop: false,
};

export const ALERT: Entity = {
  type: 'microsoft.graph.security.alert',
  table: 'alerts',
  queryable: {
    ...SHARED,
    status: { column: 'status', kind: 'enum', members: ALERT_STATUSES },
    serviceSource: { column: 'service_source', kind: 'enum', members: SERVICE_SOURCES },
  },
  properties: words(
    'id actorDisplayName additionalData alertPolicyId alertWebUrl assignedTo categories category classification comments createdDateTime customDetails description detectionSource detectorId determination evidence firstActivityDateTime incidentId incidentWebUrl investigationState lastActivityDateTime lastUpdateDateTime mitreTechniques productName providerAlertId recommendedActions resolvedDateTime serviceSource severity status systemTags tenantId threatDisplayName threatFamilyName title',
  ),
  collections: ['evidence'],
  navigation: [],
  largestTop: 1000,
  clampsTop: true,
};
