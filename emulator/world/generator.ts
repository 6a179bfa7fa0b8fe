import { Random } from '../random.ts';
import type { Database } from '../state/database.ts';
import { publish } from '../state/incidents.ts';
import type { IncidentVersion } from '../state/security-records.ts';
import { reserveIncidentNumber, type Tenant } from '../state/tenants.ts';
import { formatTicks, nowTicks, parseTicks, ticksOfMs } from '../state/ticks.ts';
import { adversaries, chooseAdversary } from './adversary.ts';
import { buildEstate, type Estate } from './estate.ts';
import { buildIncident } from './incident-builder.ts';
import { age } from './lifecycle.ts';
import { merge } from './merge.ts';
import type { Scene, Story, StoryDraft } from './scene.ts';
import { cloudTokenTheft, clusterBreakIn, cryptoMining, storageExfiltration } from './stories/cloud.ts';
import { malwareOnDevice, persistence } from './stories/endpoint.ts';
import { domainTakeover, impossibleTravel, passwordSpray } from './stories/identity.ts';
import { dataLoss, oddments, teamsLure } from './stories/insider.ts';
import { businessEmailCompromise, removedPhish, reportedPhish } from './stories/mail.ts';
import { phishingToRansomware } from './stories/ransomware.ts';

export const STORIES: Record<string, Story> = {
  removedPhish,
  reportedPhish,
  malwareOnDevice,
  persistence,
  passwordSpray,
  impossibleTravel,
  dataLoss,
  teamsLure,
  cloudTokenTheft,
  businessEmailCompromise,
  storageExfiltration,
  cryptoMining,
  domainTakeover,
  clusterBreakIn,
  phishingToRansomware,
  oddments,
};

// Queues are mostly mail and malware; the grave ones are rare.
const FREQUENCY = [24, 9, 18, 10, 6, 9, 6, 4, 4, 3, 3, 2, 1.5, 1, 1.5, 1];

const DAY_MS = 86_400_000;
const HISTORY_MS = 30 * DAY_MS;

function tell(
  random: Random,
  estate: Estate,
  pool: ReturnType<typeof adversaries>,
  startTicks: bigint,
  name: string | null,
): StoryDraft {
  const choices = Object.values(STORIES).map((story, index) => [FREQUENCY[index] ?? 1, story] as const);
  const story = (name === null ? undefined : STORIES[name]) ?? random.weighted(choices);
  const victim = random.pick(estate.people);
  const own = estate.workstations.find((device) => device.owner === victim);
  const scene: Scene = {
    random,
    estate,
    adversary: chooseAdversary(random, pool),
    victim,
    device: own ?? random.pick(estate.workstations),
    stamp: (minute) => formatTicks(startTicks + BigInt(minute) * 600_000_000n + BigInt(random.int(0, 9_999_999))),
  };
  return story(scene);
}

/**
 * The past of a new tenant: `count` incidents over the last thirty days, in order of their numbers, some merged, most
 * of the older ones worked on. The same seed and tenant give the same past, shifted to the day of seeding.
 */
export function generateHistory(database: Database, seed: number, tenant: Tenant, count: number): void {
  const random = new Random(seed, 'history', tenant.tid);
  const estate = buildEstate(seed, tenant);
  const pool = adversaries(seed);
  const now = Date.now();
  const starts = Array.from(
    { length: count },
    () => now - HISTORY_MS + random.unit() * (HISTORY_MS - 6 * 3_600_000),
  ).sort((a, b) => a - b);
  const recent: IncidentVersion[] = [];
  database.transaction(() => {
    for (const start of starts) {
      const startTicks = ticksOfMs(start) + BigInt(random.int(0, 9_999));
      const place = { tid: tenant.tid, incidentId: nextId(database, tenant, random), startTicks };
      const story = tell(random, estate, pool, startTicks, null);
      const version = buildIncident(story, place, random);
      const target = recent.findLast((candidate) => candidate.incident.status === 'active');
      if (target && random.chance(0.02)) {
        merge(version, target, laterOf(version.incident.lastUpdateDateTime, target.incident.lastUpdateDateTime));
        publish(database, tenant.tid, target);
      } else {
        age(version, story, tenant.domain, now, random);
        recent.push(version);
        if (recent.length > 20) recent.shift();
      }
      publish(database, tenant.tid, version);
    }
  });
}

function laterOf(one: string, other: string): string {
  return (parseTicks(one) ?? 0n) > (parseTicks(other) ?? 0n) ? one : other;
}

function nextId(database: Database, tenant: Tenant, random: Random): string {
  return String(
    reserveIncidentNumber(
      database,
      tenant.tid,
      random.weighted([
        [8, 1],
        [2, 2],
        [1, 5],
      ] as const),
    ),
  );
}

/** New incidents that begin now. Their times are now; `visibleAtMs` keeps them out of sight for a while. */
export function generateFresh(
  database: Database,
  seed: number,
  tenant: Tenant,
  random: Random,
  wish: { count: number; stories: string[]; overrides: Record<string, unknown>; visibleAtMs: number },
): string[] {
  const estate = buildEstate(seed, tenant);
  const pool = adversaries(seed);
  const ids: string[] = [];
  database.transaction(() => {
    for (let made = 0; made < wish.count; made += 1) {
      const name = wish.stories.length > 0 ? (wish.stories[made % wish.stories.length] ?? null) : null;
      const startTicks = nowTicks();
      const place = { tid: tenant.tid, incidentId: nextId(database, tenant, random), startTicks };
      const story = tell(random, estate, pool, startTicks, name);
      const version = buildIncident(
        { ...story, alerts: story.alerts.map((alert) => ({ ...alert, minute: 0 })) },
        place,
        random,
      );
      // All of it happened up to now, so nothing may lie in the future.
      for (const alert of version.alerts) {
        const at = formatTicks(nowTicks());
        Object.assign(alert, { createdDateTime: at, lastUpdateDateTime: at, lastActivityDateTime: at });
      }
      const at = version.alerts.at(-1)?.createdDateTime;
      Object.assign(version.incident, { createdDateTime: at, lastUpdateDateTime: at }, wish.overrides);
      publish(database, tenant.tid, version, wish.visibleAtMs);
      ids.push(version.incident.id);
    }
  });
  return ids;
}
