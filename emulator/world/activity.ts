import type { Cloud } from '../cloud.ts';
import { Random } from '../random.ts';
import { changeIncident, newestVersion, publish } from '../state/incidents.ts';
import { listTenants, type Tenant } from '../state/tenants.ts';
import { formatTicks, nowTicks } from '../state/ticks.ts';
import { generateFresh } from './generator.ts';
import { worstSeverity } from './incident-builder.ts';
import { remark, reopen } from './lifecycle.ts';
import { merge } from './merge.ts';

const BEAT_MS = 1_000;

/** Keeps the tenants alive at their rates until stopped; the timer does not keep the process alive. */
export function startActivity(cloud: Cloud, seed: number): () => void {
  const random = new Random(seed, 'activity', String(Date.now()));
  const timer = setInterval(() => {
    for (const tenant of listTenants(cloud.database)) beat(cloud, seed, tenant, random);
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function beat(cloud: Cloud, seed: number, tenant: Tenant, random: Random): void {
  const perBeat = (perHour: number) => (perHour * BEAT_MS) / 3_600_000;
  const count = strikes(perBeat(tenant.activity.newPerHour), random);
  if (count > 0)
    generateFresh(cloud.database, seed, tenant, random, { count, stories: [], overrides: {}, visibleAtMs: 0 });
  for (let change = strikes(perBeat(tenant.activity.changesPerHour), random); change > 0; change -= 1) {
    changeSomething(cloud, tenant, random);
  }
}

function strikes(expected: number, random: Random): number {
  return Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
}

/** One change of the kinds a day brings, to one of the newest incidents. */
export function changeSomething(cloud: Cloud, tenant: Tenant, random: Random): void {
  const sql = `SELECT id FROM incidents WHERE tid = ? AND status <> 'redirected' ORDER BY created DESC LIMIT 60`;
  const ids = cloud.database.all(sql, tenant.tid).map((row) => String(row['id']));
  if (ids.length < 2) return;
  const [id = '', other = ''] = random.some(ids, 2);
  // A tenant of a handful would soon be merged into one.
  if (ids.length > 10 && random.chance(0.05)) {
    mergeTwo(cloud, tenant, id, other);
    return;
  }
  const analyst = `soc${random.int(1, 4)}@${tenant.domain}`;
  changeIncident(cloud.database, tenant.tid, id, analyst, (version, at) => {
    const { incident, alerts } = version;
    if (incident.status === 'resolved') {
      reopen(version);
      return;
    }
    const [first] = alerts;
    const kind = random.weighted([
      [4, 'comment'],
      [3, 'assign'],
      [3, 'alert'],
      [2, 'resolve'],
    ] as const);
    if (kind === 'comment')
      incident.comments.push({ comment: remark(random), createdByDisplayName: analyst, createdDateTime: at });
    if (kind === 'assign') Object.assign(incident, { assignedTo: analyst, status: 'inProgress' });
    if (kind === 'alert' && first) {
      const providerAlertId = random.guid();
      alerts.push({
        ...first,
        id: first.id.slice(0, 2) + providerAlertId,
        providerAlertId,
        severity: random.pick(['medium', 'high']),
        status: 'new',
        resolvedDateTime: null,
        createdDateTime: at,
        lastUpdateDateTime: at,
      });
      incident.severity = worstSeverity(alerts);
      incident.lastModifiedBy = 'Microsoft 365 Defender-IncidentCorrelation';
    }
    if (kind === 'resolve') {
      const verdict = { classification: 'truePositive', determination: 'malware' };
      Object.assign(incident, { status: 'resolved', assignedTo: analyst, ...verdict });
      for (const alert of alerts)
        Object.assign(alert, { status: 'resolved', resolvedDateTime: at, lastUpdateDateTime: at, ...verdict });
    }
  });
}

export function mergeTwo(cloud: Cloud, tenant: Tenant, sourceId: string, targetId: string): void {
  cloud.database.transaction(() => {
    const source = newestVersion(cloud.database, tenant.tid, sourceId);
    const target = newestVersion(cloud.database, tenant.tid, targetId);
    if (!source || !target) return;
    merge(source, target, formatTicks(nowTicks()));
    publish(cloud.database, tenant.tid, target);
    publish(cloud.database, tenant.tid, source);
  });
}
