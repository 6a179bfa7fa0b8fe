import type { Random } from '../random.ts';
import type { Alert, Evidence, Incident, IncidentVersion } from '../state/security-records.ts';
import { formatTicks } from '../state/ticks.ts';
import type { AlertDraft, Product, StoryDraft } from './scene.ts';
import { familyOf } from './threat-name.ts';

interface ProductFacts {
  serviceSource: string;
  detectionSource: string;
  productName: string;
  /** The two letters in front of an alert id name its provider. */
  prefix: string;
}

const PRODUCTS: Record<Product, ProductFacts> = {
  endpoint: facts(
    'microsoftDefenderForEndpoint',
    'microsoftDefenderForEndpoint',
    'Microsoft Defender for Endpoint',
    'da',
  ),
  identity: facts(
    'microsoftDefenderForIdentity',
    'microsoftDefenderForIdentity',
    'Microsoft Defender for Identity',
    'aa',
  ),
  office: facts(
    'microsoftDefenderForOffice365',
    'microsoftDefenderForOffice365',
    'Microsoft Defender for Office 365',
    'fa',
  ),
  cloudApps: facts('microsoftDefenderForCloudApps', 'cloudAppSecurity', 'Microsoft Defender for Cloud Apps', 'ca'),
  entra: facts('azureAdIdentityProtection', 'azureAdIdentityProtection', 'Microsoft Entra ID Protection', 'ad'),
  xdr: facts('microsoft365Defender', 'microsoft365Defender', 'Microsoft Defender XDR', 'ra'),
  dlp: facts('dataLossPrevention', 'microsoftDataLossPrevention', 'Microsoft Purview Data Loss Prevention', 'dl'),
  appGovernance: facts('microsoftAppGovernance', 'appGovernanceDetection', 'App Governance', 'ma'),
  cloud: facts('microsoftDefenderForCloud', 'microsoftDefenderForCloud', 'Microsoft Defender for Cloud', 'dc'),
  sentinel: facts('microsoftSentinel', 'microsoftSentinel', 'Microsoft Sentinel', 'sn'),
  insiderRisk: facts(
    'microsoftInsiderRiskManagement',
    'microsoftInsiderRiskManagement',
    'Microsoft Purview Insider Risk Management',
    'ir',
  ),
};

const SEVERITY_ORDER = ['unknown', 'informational', 'low', 'medium', 'high'];
const TICKS_PER_MINUTE = 600_000_000n;

function facts(serviceSource: string, detectionSource: string, productName: string, prefix: string): ProductFacts {
  return { serviceSource, detectionSource, productName, prefix };
}

/** Cuts a time to a random precision, as the mix of Microsoft's stores does: one to seven fraction digits. */
export function roughen(ticks: bigint, random: Random): bigint {
  const unit = 10n ** BigInt(random.pick([0, 0, 0, 1, 2, 3, 4, 5, 6]));
  return (ticks / unit) * unit;
}

export function worstSeverity(alerts: readonly { severity: string }[]): string {
  const worst = Math.max(...alerts.map((alert) => SEVERITY_ORDER.indexOf(alert.severity)), 1);
  return SEVERITY_ORDER[worst] ?? 'medium';
}

/** Evidence holds evidence (a session its account, a pod its namespace), and each has its own time. */
function stamped(value: unknown, at: string): unknown {
  if (Array.isArray(value)) return value.map((item) => stamped(item, at));
  if (typeof value !== 'object' || value === null || !('@odata.type' in value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, stamped(member, at)]);
  return { ...Object.fromEntries(members), createdDateTime: at };
}

function buildAlert(
  draft: AlertDraft,
  place: { tid: string; incidentId: string; startTicks: bigint },
  random: Random,
): Alert {
  const product = PRODUCTS[draft.product];
  const began = place.startTicks + BigInt(draft.minute) * TICKS_PER_MINUTE;
  const created = roughen(began + BigInt(random.int(1_000_000, 900_000_000)), random);
  const providerAlertId = draft.product === 'endpoint' ? `${random.guid()}_1` : random.guid();
  const id = `${product.prefix}${providerAlertId}`;
  const at = formatTicks(created);
  const first = formatTicks(roughen(began, random));
  return {
    id,
    providerAlertId,
    incidentId: place.incidentId,
    status: 'new',
    severity: draft.severity,
    classification: 'unknown',
    determination: 'unknown',
    serviceSource: product.serviceSource,
    detectionSource: draft.detection ?? product.detectionSource,
    productName: product.productName,
    detectorId: random.chance(0.8) ? random.guid() : null,
    tenantId: place.tid,
    title: draft.title,
    description: draft.description,
    recommendedActions: draft.actions,
    category: draft.category,
    categories: [draft.category],
    assignedTo: null,
    alertWebUrl: `https://security.microsoft.com/alerts/${id}?tid=${place.tid}`,
    incidentWebUrl: incidentUrl(place.tid, place.incidentId),
    actorDisplayName: draft.actor ?? null,
    threatDisplayName: draft.threat ?? null,
    threatFamilyName: draft.threat === undefined ? null : familyOf(draft.threat),
    mitreTechniques: draft.techniques,
    createdDateTime: at,
    lastUpdateDateTime: at,
    resolvedDateTime: null,
    firstActivityDateTime: first,
    lastActivityDateTime: formatTicks(roughen(began + BigInt(random.int(0, 600_000_000)), random)),
    systemTags: draft.actor ? ['Defender Experts'] : [],
    alertPolicyId: draft.product === 'dlp' ? random.guid() : null,
    investigationState:
      draft.product === 'endpoint'
        ? random.pick(['unsupportedAlertType', 'queued', 'running', 'successfullyRemediated', 'pendingApproval'])
        : 'unsupportedAlertType',
    comments: [],
    customDetails: {},
    evidence: draft.evidence.map((item) => stamped(item, at) as Evidence),
    additionalData: {},
  };
}

export function incidentUrl(tid: string, id: string): string {
  return `https://security.microsoft.com/incident2/${id}/overview?tid=${tid}`;
}

function titleOf(story: StoryDraft, alerts: readonly Alert[]): string {
  if (story.name) return story.name;
  const [first] = alerts;
  const categories = [...new Set(alerts.map((alert) => alert.category ?? ''))];
  const kinds = new Set(alerts.flatMap((alert) => alert.evidence.map((item) => String(item['@odata.type']))));
  const onDevice = kinds.has('#microsoft.graph.security.deviceEvidence');
  const sources = new Set(alerts.map((alert) => alert.serviceSource));
  const place = onDevice ? 'on one endpoint' : 'involving one user';
  if (alerts.length === 1 || !first) return `${first?.title ?? 'Incident'} ${place}`;
  const stages = categories.slice(0, 2).map((category) => category.replace(/(?<=[a-z])(?=[A-Z])/g, ' '));
  const reported = sources.size > 1 ? ' reported by multiple sources' : '';
  return `Multi-stage incident involving ${stages.join(' & ')} ${place}${reported}`;
}

/** A new incident as Defender's correlation makes it: active, unassigned, not yet judged. */
export function buildIncident(
  story: StoryDraft,
  place: { tid: string; incidentId: string; startTicks: bigint },
  random: Random,
): IncidentVersion {
  const alerts = story.alerts.map((draft) => buildAlert(draft, place, random));
  const stamps = alerts.map((alert) => alert.createdDateTime);
  const [first = formatTicks(place.startTicks)] = stamps;
  const severity = worstSeverity(alerts);
  const incident: Incident = {
    id: place.incidentId,
    tenantId: place.tid,
    status: 'active',
    incidentWebUrl: incidentUrl(place.tid, place.incidentId),
    redirectIncidentId: null,
    displayName: titleOf(story, alerts),
    createdDateTime: first,
    lastUpdateDateTime: stamps.at(-1) ?? first,
    assignedTo: null,
    classification: 'unknown',
    determination: 'unknown',
    severity,
    customTags: story.tags ?? [],
    systemTags: story.name?.includes('attack disruption') ? ['Attack Disruption'] : [],
    description: story.summary ?? null,
    lastModifiedBy: 'Microsoft 365 Defender-IncidentCreation',
    resolvingComment: null,
    summary: story.summary ?? null,
    priorityScore: random.chance(0.9) ? Math.min(100, SEVERITY_ORDER.indexOf(severity) * 20 + random.int(0, 20)) : null,
    comments: [],
  };
  return { incident, alerts };
}
