import type { Database } from './database.ts';

export interface TenantUser {
  userPrincipalName: string;
  displayName: string;
  objectId: string;
  /** Display names of Entra directory roles, as "Global Administrator". */
  roles: string[];
}

export interface Scenario {
  /** After consent: the service principal is not seen for so long (700016 and 7000229 in turn). */
  replicationDelaySeconds: number;
  /** After replication: tokens carry no roles for so long. */
  rolesDelaySeconds: number;
  grantOnly: string[] | null;
  throttlePerMinute: number;
  /** `$expand=alerts` on the list answers 500 for good. */
  expandFails: boolean;
  /** Incidents whose alerts cannot be read at all. */
  poisonedIncidentIds: string[];
  noDefender: boolean;
  /** 'hang': Graph accepts and never answers until thawed. */
  frozen: 'hang' | false;
  latencyMs: number;
  /** Largest accepted `$skip`, or false for none. */
  skipCap: number | false;
  tokenLifetimeSeconds: number | null;
  /** Puts another tenant's id into this tenant's tokens. */
  tokenTenantId: string | null;
  /** Puts another tenant's id into the rows served to this tenant. */
  rowTenantId: string | null;
}

export interface Activity {
  newPerHour: number;
  changesPerHour: number;
}

export interface Tenant {
  tid: string;
  domain: string;
  displayName: string;
  /** One English sentence: what this tenant is there to show. */
  story: string;
  users: TenantUser[];
  scenario: Scenario;
  activity: Activity;
}

export const PLAIN_SCENARIO: Scenario = {
  replicationDelaySeconds: 0,
  rolesDelaySeconds: 0,
  grantOnly: null,
  throttlePerMinute: 50,
  expandFails: false,
  poisonedIncidentIds: [],
  noDefender: false,
  frozen: false,
  latencyMs: 0,
  skipCap: 500,
  tokenLifetimeSeconds: null,
  tokenTenantId: null,
  rowTenantId: null,
};

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** By GUID or verified domain, as in the first segment of a login path. */
export function findTenant(database: Database, idOrDomain: string): Tenant | null {
  const key = idOrDomain.toLowerCase();
  const row = database.one(`SELECT body FROM tenants WHERE ${isGuid(key) ? 'tid' : 'domain'} = ?`, key);
  return row ? (JSON.parse(String(row['body'])) as Tenant) : null;
}

export function listTenants(database: Database): Tenant[] {
  return database
    .all('SELECT body FROM tenants ORDER BY rowid')
    .map((row) => JSON.parse(String(row['body'])) as Tenant);
}

export function saveTenant(database: Database, tenant: Tenant, firstIncident: number): void {
  database.run(
    `INSERT INTO tenants VALUES (?, ?, ?, ?)
     ON CONFLICT (tid) DO UPDATE SET domain = excluded.domain, body = excluded.body`,
    tenant.tid.toLowerCase(),
    tenant.domain.toLowerCase(),
    JSON.stringify(tenant),
    firstIncident,
  );
}

/** Reserves incident numbers; gaps are as normal as they are at Microsoft. */
export function reserveIncidentNumber(database: Database, tid: string, step: number): number {
  const row = database.one(
    'UPDATE tenants SET next_incident = next_incident + ? WHERE tid = ? RETURNING next_incident',
    step,
    tid,
  );
  if (!row) throw new Error(`No tenant ${tid}`);
  return Number(row['next_incident']);
}

export function findUser(database: Database, userPrincipalName: string): { tenant: Tenant; user: TenantUser } | null {
  const wanted = userPrincipalName.trim().toLowerCase();
  for (const tenant of listTenants(database)) {
    const user = tenant.users.find((candidate) => candidate.userPrincipalName.toLowerCase() === wanted);
    if (user) return { tenant, user };
  }
  return null;
}
