import type { Cloud } from '../cloud.ts';
import { Random } from '../random.ts';
import { changeIncident, readLedger, revealDue } from '../state/incidents.ts';
import { INCIDENT_PROPERTIES } from '../state/security-records.ts';
import { changeSomething, mergeTwo } from '../world/activity.ts';
import { generateFresh, STORIES } from '../world/generator.ts';
import { seedOf } from '../world/load-world.ts';
import { allowOnly, ControlFailure, number, object, readBody, text, texts } from './reading.ts';
import { requireTenant } from './tenants.ts';

type Json = Record<string, unknown>;

function readOverrides(asked: Json): Json {
  allowOnly(asked, INCIDENT_PROPERTIES);
  return asked;
}

function visibleAt(asked: Json): number {
  return asked['visibleAfterSeconds'] === undefined ? 0 : Date.now() + number(asked, 'visibleAfterSeconds', 0) * 1000;
}

/** New incidents, visible now or (their times being now all the same) some seconds later. */
export function postIncidents(cloud: Cloud, tid: string, body: string): Json {
  const tenant = requireTenant(cloud, tid);
  const asked = readBody(body);
  allowOnly(asked, ['count', 'stories', 'overrides', 'visibleAfterSeconds']);
  const stories = texts(asked, 'stories', []);
  const unknown = stories.filter((story) => !(story in STORIES));
  if (unknown.length > 0)
    throw new ControlFailure(400, `Unknown stories: ${unknown.join(', ')}. Known: ${Object.keys(STORIES).join(', ')}.`);
  const random = new Random(seedOf(cloud), 'control', tenant.tid, String(process.hrtime.bigint()));
  const overrides = readOverrides(object(asked, 'overrides'));
  const wish = { count: number(asked, 'count', 1), stories, overrides, visibleAtMs: visibleAt(asked) };
  return { ids: generateFresh(cloud.database, seedOf(cloud), tenant, random, wish) };
}

/** A change as Defender or its user would make it; `mergeInto` joins the incident to another. */
export function patchIncident(cloud: Cloud, tid: string, id: string, body: string): Json {
  const tenant = requireTenant(cloud, tid);
  const asked = readBody(body);
  allowOnly(asked, [...INCIDENT_PROPERTIES, 'mergeInto', 'visibleAfterSeconds']);
  const { mergeInto, visibleAfterSeconds: _, ...properties } = asked;
  if (mergeInto !== undefined) {
    mergeTwo(cloud, tenant, id, text(asked, 'mergeInto', ''));
  }
  const by = text(asked, 'lastModifiedBy', 'Microsoft 365 Defender-IncidentCorrelation');
  const change = (version: { incident: object }) => void Object.assign(version.incident, properties);
  const version = changeIncident(cloud.database, tenant.tid, id, by, change, visibleAt(asked));
  if (!version) throw new ControlFailure(404, `No incident ${id} in ${tid}.`);
  return { ...version.incident };
}

/** A number of everyday changes at once, for load. */
export function postChanges(cloud: Cloud, tid: string, body: string): Json {
  const tenant = requireTenant(cloud, tid);
  const asked = readBody(body);
  allowOnly(asked, ['count', 'seed']);
  const random = new Random(
    number(asked, 'seed', seedOf(cloud)),
    'changes',
    tenant.tid,
    String(process.hrtime.bigint()),
  );
  const count = number(asked, 'count', 1);
  cloud.database.transaction(() => {
    for (let made = 0; made < count; made += 1) changeSomething(cloud, tenant, random);
  });
  return { count };
}

export function showLedger(cloud: Cloud, tid: string): Json {
  const tenant = requireTenant(cloud, tid);
  revealDue(cloud.database);
  return { tid: tenant.tid, versions: readLedger(cloud.database, tenant.tid) };
}
