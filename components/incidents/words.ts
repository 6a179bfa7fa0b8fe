import type { ChipLevel } from '@/components/ui/chip';
import type { StatusShape } from '@/components/ui/status-icon';
import type { Tone } from '@/components/ui/tone';

/** A translator of the `incidents` messages, on the server or in a component. */
export interface Words {
  (key: string, values?: Record<string, string | number>): string;
  has(key: string): boolean;
}

/** The word for a value of Microsoft's; one that we don't know is shown as it came. */
export function wordFor(t: Words, group: string, value: string): string {
  const key = `${group}.${value}`;
  return /^[A-Za-z0-9]+$/.test(value) && t.has(key) ? t(key) : value;
}

export interface SeverityView {
  level: ChipLevel;
  word: string;
}

const LEVELS: Record<string, ChipLevel> = { high: 3, medium: 2, low: 1, informational: 0 };

export function severityView(t: Words, severity: string): SeverityView {
  const level = Object.hasOwn(LEVELS, severity) ? (LEVELS[severity] ?? null) : null;
  return { level, word: wordFor(t, 'severity', severity) };
}

export interface StatusView {
  shape: StatusShape;
  tone: Tone;
  word: string;
}

const STATUSES: Record<string, { shape: StatusShape; tone: Tone }> = {
  active: { shape: 'dot', tone: 'active' },
  new: { shape: 'dot', tone: 'active' },
  inProgress: { shape: 'half', tone: 'progress' },
  resolved: { shape: 'tick', tone: 'good' },
  redirected: { shape: 'arrow', tone: 'muted' },
  awaitingAction: { shape: 'hourglass', tone: 'late' },
};

export function statusView(t: Words, status: string): StatusView {
  const known = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  return { ...(known ?? { shape: 'question', tone: 'neutral' }), word: wordFor(t, 'status', status) };
}

const PRODUCTS: Record<string, string> = {
  microsoftDefenderForEndpoint: 'Endpoint',
  microsoftDefenderForIdentity: 'Identity',
  microsoftDefenderForCloudApps: 'Cloud Apps',
  microsoftDefenderForOffice365: 'Office 365',
  microsoft365Defender: 'Defender XDR',
  azureAdIdentityProtection: 'Entra ID Protection',
  microsoftAppGovernance: 'App Governance',
  dataLossPrevention: 'DLP',
  microsoftDefenderForCloud: 'Cloud',
  microsoftSentinel: 'Sentinel',
  microsoftInsiderRiskManagement: 'Insider Risk',
  microsoftThreatIntelligence: 'Threat Intelligence',
  microsoftSecurityForAI: 'Security for AI',
};

/** The short name of a product of Microsoft's; names are not translated, unknown ones stay as they came. */
export function productName(source: string): string {
  return (Object.hasOwn(PRODUCTS, source) ? PRODUCTS[source] : undefined) ?? source;
}

const COMMON_PREFIX = /^#?(?:microsoft\.graph\.security\.)?/;

/** The heading for a kind of evidence, and whether we know it; the kind itself otherwise. */
export function kindView(t: Words, kind: string): { word: string; known: boolean } {
  const bare = kind.replace(COMMON_PREFIX, '').replace(/Evidence$/, '');
  const known = /^[A-Za-z]+$/.test(bare) && t.has(`kinds.${bare}`);
  return { word: known ? t(`kinds.${bare}`) : kind, known };
}
