import type { Random } from '../random.ts';
import type { IncidentVersion } from '../state/security-records.ts';
import { formatTicks, parseTicks, ticksOfMs } from '../state/ticks.ts';
import { roughen } from './incident-builder.ts';
import type { StoryDraft } from './scene.ts';

const HOUR_MS = 3_600_000;
const REMARKS = [
  'Called the user, they did not recognise the sign-in. Password reset, sessions revoked.',
  'Bekræftet med IT-chefen: planlagt test.',
  'Looks like <b>benign</b> automation & a scanner. Closing.',
  'Isolated the device; waiting for the customer.\nNext check at 14:00.',
  'Correo eliminado de todos los buzones.',
  '已联系用户,确认为误报。',
];
const TAGS = ['VIP', 'Follow up', 'Night shift', 'Kunde informeret', 'Q4-audit'];

function judge(version: IncidentVersion, story: StoryDraft): void {
  const verdict = { classification: story.truth, determination: story.determination };
  if (story.truth === 'falsePositive') verdict.determination = 'notMalicious';
  Object.assign(version.incident, verdict);
  for (const alert of version.alerts) Object.assign(alert, verdict);
}

/** What people have done with an incident by now: the older it is, the likelier it is closed; some were opened again. */
export function age(version: IncidentVersion, story: StoryDraft, domain: string, nowMs: number, random: Random): void {
  const { incident, alerts } = version;
  const created = parseTicks(incident.createdDateTime) ?? 0n;
  const ageMs = Math.max(0, nowMs - Number(created / 10_000n));
  const workedAt = roughen(
    created + ticksOfMs(Math.min(ageMs, random.int(10, 2_880) * 60_000) * random.unit()),
    random,
  );
  const newest = parseTicks(incident.lastUpdateDateTime) ?? created;
  const at = formatTicks(workedAt > newest ? workedAt : newest);
  const analyst = `soc${random.int(1, 4)}@${domain}`;
  const closing = ageMs > 4 * HOUR_MS ? Math.min(0.92, 0.35 + ageMs / (20 * 24 * HOUR_MS)) : 0.1;
  if (random.chance(0.12)) incident.customTags = [...incident.customTags, random.pick(TAGS)];
  if (random.chance(closing)) {
    judge(version, story);
    Object.assign(incident, {
      status: 'resolved',
      assignedTo: random.chance(0.9) ? analyst : null,
      lastUpdateDateTime: at,
    });
    incident.resolvingComment = random.chance(0.4) ? random.pick(REMARKS) : null;
    incident.lastModifiedBy = incident.assignedTo ?? 'Microsoft 365 Defender-AlertResolution';
    for (const alert of alerts)
      Object.assign(alert, { status: 'resolved', resolvedDateTime: at, lastUpdateDateTime: at });
    if (random.chance(0.03)) reopen(version);
  } else if (random.chance(0.35)) {
    const status = random.chance(0.12) ? 'awaitingAction' : 'inProgress';
    Object.assign(incident, { status, assignedTo: analyst, lastModifiedBy: analyst, lastUpdateDateTime: at });
    for (const alert of alerts)
      Object.assign(alert, { status: 'inProgress', assignedTo: analyst, lastUpdateDateTime: at });
  }
  if (incident.lastModifiedBy === analyst && random.chance(0.5)) {
    incident.comments.push({ comment: random.pick(REMARKS), createdByDisplayName: analyst, createdDateTime: at });
  }
}

/** The alerts' `resolvedDateTime` goes back to null; the verdict stays. */
export function reopen(version: IncidentVersion): void {
  version.incident.status = 'active';
  for (const alert of version.alerts) Object.assign(alert, { status: 'new', resolvedDateTime: null });
}

export function remark(random: Random): string {
  return random.pick(REMARKS);
}
