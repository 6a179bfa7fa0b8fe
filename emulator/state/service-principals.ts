import { randomUUID } from 'node:crypto';
import type { Application } from './applications.ts';
import type { Database, Row } from './database.ts';
import type { Tenant } from './tenants.ts';

export interface ServicePrincipal {
  tid: string;
  appId: string;
  objectId: string;
  roles: string[];
  disabled: boolean;
  deleted: boolean;
  visibleAtMs: number;
  rolesAtMs: number;
}

function fromRow(row: Row): ServicePrincipal {
  return {
    tid: String(row['tid']),
    appId: String(row['app_id']),
    objectId: String(row['object_id']),
    roles: JSON.parse(String(row['roles'])) as string[],
    disabled: row['disabled'] === 1,
    deleted: row['deleted'] === 1,
    visibleAtMs: Number(row['visible_at']),
    rolesAtMs: Number(row['roles_at']),
  };
}

export function saveServicePrincipal(database: Database, principal: ServicePrincipal): void {
  database.run(
    `INSERT INTO service_principals VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET object_id = excluded.object_id, roles = excluded.roles, disabled = excluded.disabled,
       deleted = excluded.deleted, visible_at = excluded.visible_at, roles_at = excluded.roles_at`,
    principal.tid,
    principal.appId,
    principal.objectId,
    JSON.stringify(principal.roles),
    principal.disabled ? 1 : 0,
    principal.deleted ? 1 : 0,
    principal.visibleAtMs,
    principal.rolesAtMs,
  );
}

/** Registering an application makes its service principal in the home tenant, without any grant. */
export function findServicePrincipal(
  database: Database,
  tenant: Tenant,
  application: Application,
): ServicePrincipal | null {
  const sql = 'SELECT * FROM service_principals WHERE tid = ? AND app_id = ?';
  const row = database.one(sql, tenant.tid, application.appId);
  if (row) return fromRow(row);
  if (application.homeTenantId !== tenant.tid) return null;
  const own = newPrincipal(tenant, application);
  saveServicePrincipal(database, own);
  return own;
}

export function listServicePrincipals(database: Database, tid: string): ServicePrincipal[] {
  return database.all('SELECT * FROM service_principals WHERE tid = ?', tid).map(fromRow);
}

function newPrincipal(tenant: Tenant, application: Application): ServicePrincipal {
  return {
    tid: tenant.tid,
    appId: application.appId,
    objectId: randomUUID(),
    roles: [],
    disabled: false,
    deleted: false,
    visibleAtMs: 0,
    rolesAtMs: 0,
  };
}

/**
 * What an administrator's approval does: the service principal appears, with exactly the registered roles, each after
 * the delays of the tenant's scenario. A second approval keeps the object id, as Entra does.
 */
export function grantConsent(database: Database, tenant: Tenant, application: Application, nowMs: number): void {
  const known = findServicePrincipal(database, tenant, application);
  const fresh = !known || known.deleted;
  const principal = fresh ? newPrincipal(tenant, application) : known;
  const { grantOnly, replicationDelaySeconds, rolesDelaySeconds } = tenant.scenario;
  const visibleAtMs = fresh ? nowMs + replicationDelaySeconds * 1000 : principal.visibleAtMs;
  saveServicePrincipal(database, {
    ...principal,
    disabled: false,
    roles: application.requiredRoles.filter((role) => !grantOnly || grantOnly.includes(role)),
    visibleAtMs,
    rolesAtMs: Math.max(visibleAtMs, nowMs) + rolesDelaySeconds * 1000,
  });
}

/** Counts how often a principal was asked for before it could be seen, so that the two error codes can alternate. */
export function countMiss(database: Database, principal: ServicePrincipal): number {
  const sql = 'UPDATE service_principals SET misses = misses + 1 WHERE tid = ? AND app_id = ? RETURNING misses';
  return Number(database.one(sql, principal.tid, principal.appId)?.['misses'] ?? 0);
}
