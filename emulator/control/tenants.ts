import { type Cloud, thaw } from '../cloud.ts';
import { findApplication } from '../state/applications.ts';
import { countIncidents } from '../state/incidents.ts';
import { findServicePrincipal, listServicePrincipals, saveServicePrincipal } from '../state/service-principals.ts';
import { findTenant, isGuid, type Scenario, saveTenant, type Tenant, type TenantUser } from '../state/tenants.ts';
import { addTenant, seedOf } from '../world/load-world.ts';
import { newTenant, person, usualPeople } from '../world/tenant-entry.ts';
import { allowOnly, ControlFailure, number, object, objects, readBody, text, texts } from './reading.ts';

type Json = Record<string, unknown>;

export function requireTenant(cloud: Cloud, tid: string): Tenant {
  const tenant = findTenant(cloud.database, tid);
  if (!tenant) throw new ControlFailure(404, `No tenant ${tid}.`);
  return tenant;
}

export function showTenant(cloud: Cloud, tenant: Tenant): Json {
  const servicePrincipals = listServicePrincipals(cloud.database, tenant.tid);
  return { ...tenant, ...countIncidents(cloud.database, tenant.tid), servicePrincipals };
}

const SCENARIO_CHECKS: Record<keyof Scenario, (value: unknown) => boolean> = {
  replicationDelaySeconds: isCount,
  rolesDelaySeconds: isCount,
  grantOnly: (value) => value === null || isTexts(value),
  throttlePerMinute: isCount,
  expandFails: isFlag,
  poisonedIncidentIds: isTexts,
  noDefender: isFlag,
  frozen: (value) => value === false || value === 'hang',
  latencyMs: isCount,
  skipCap: (value) => value === false || isCount(value),
  tokenLifetimeSeconds: (value) => value === null || isCount(value),
  tokenTenantId: (value) => value === null || (typeof value === 'string' && isGuid(value)),
  rowTenantId: (value) => value === null || (typeof value === 'string' && isGuid(value)),
};

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function readScenario(asked: Json): Partial<Scenario> {
  allowOnly(asked, Object.keys(SCENARIO_CHECKS));
  for (const [name, value] of Object.entries(asked)) {
    if (!SCENARIO_CHECKS[name as keyof Scenario](value))
      throw new ControlFailure(400, `scenario.${name} is not valid.`);
  }
  return asked as Partial<Scenario>;
}

function readUsers(asked: Json[] | null): TenantUser[] | null {
  return (
    asked?.map((user) => {
      allowOnly(user, ['userPrincipalName', 'displayName', 'roles']);
      const name = text(user, 'userPrincipalName', '');
      if (!name.includes('@')) throw new ControlFailure(400, 'A user needs a userPrincipalName.');
      return person(name, text(user, 'displayName', name), ...texts(user, 'roles', []));
    }) ?? null
  );
}

/** Creates a tenant with its past, or changes the one there is; the past is made only once. */
export function putTenant(cloud: Cloud, tid: string, body: string): Json {
  if (!isGuid(tid)) throw new ControlFailure(400, 'The tenant id is not a GUID.');
  const asked = readBody(body);
  allowOnly(asked, ['displayName', 'domain', 'story', 'users', 'scenario', 'incidents', 'activity']);
  const known = findTenant(cloud.database, tid);
  const domain = text(asked, 'domain', known?.domain ?? `${tid.slice(0, 8)}.example`);
  const owner = findTenant(cloud.database, domain);
  if (owner && owner.tid !== tid.toLowerCase())
    throw new ControlFailure(409, `${domain} belongs to tenant ${owner.tid}.`);
  const activity = object(asked, 'activity');
  const tenant = newTenant({
    tid,
    domain,
    displayName: text(asked, 'displayName', known?.displayName ?? domain),
    story: text(asked, 'story', known?.story ?? ''),
    users: readUsers(objects(asked, 'users')) ?? known?.users ?? usualPeople(domain),
    scenario: { ...known?.scenario, ...readScenario(object(asked, 'scenario')) },
    activity: {
      newPerHour: number(activity, 'newPerHour', known?.activity.newPerHour ?? 0),
      changesPerHour: number(activity, 'changesPerHour', known?.activity.changesPerHour ?? 0),
    },
  });
  if (known) saveTenant(cloud.database, tenant, 0);
  else addTenant(cloud, seedOf(cloud), tenant, number(asked, 'incidents', 0));
  return showTenant(cloud, tenant);
}

export function patchScenario(cloud: Cloud, tid: string, body: string): Json {
  const tenant = requireTenant(cloud, tid);
  const scenario = { ...tenant.scenario, ...readScenario(readBody(body)) };
  saveTenant(cloud.database, { ...tenant, scenario }, 0);
  if (scenario.frozen === false) thaw(cloud, tenant.tid);
  return { ...scenario };
}

function requirePrincipal(cloud: Cloud, tid: string, appId: string) {
  const tenant = requireTenant(cloud, tid);
  const application = findApplication(cloud.database, appId);
  const principal = application ? findServicePrincipal(cloud.database, tenant, application) : null;
  if (!principal) throw new ControlFailure(404, `No service principal of ${appId} in ${tid}.`);
  return principal;
}

/** What a customer does who deletes the enterprise application: tokens already out live on, new ones are refused. */
export function revoke(cloud: Cloud, tid: string, appId: string): Json {
  const principal = { ...requirePrincipal(cloud, tid, appId), deleted: true, roles: [] };
  saveServicePrincipal(cloud.database, principal);
  return { ...principal };
}

export function patchPrincipal(cloud: Cloud, tid: string, appId: string, body: string): Json {
  const asked = readBody(body);
  allowOnly(asked, ['roles', 'disabled', 'replicationDelaySeconds', 'rolesDelaySeconds']);
  const known = requirePrincipal(cloud, tid, appId);
  const now = Date.now();
  const delayed = (name: string, otherwise: number) =>
    asked[name] === undefined ? otherwise : now + number(asked, name, 0) * 1000;
  const principal = {
    ...known,
    roles: texts(asked, 'roles', known.roles),
    disabled: asked['disabled'] === undefined ? known.disabled : asked['disabled'] === true,
    visibleAtMs: delayed('replicationDelaySeconds', known.visibleAtMs),
    rolesAtMs: delayed('rolesDelaySeconds', known.rolesAtMs),
  };
  saveServicePrincipal(cloud.database, principal);
  return { ...principal };
}
