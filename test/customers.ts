import { randomBytes, randomUUID } from 'node:crypto';
import { ticksOf } from '@/lib/ticks';
import type { TestDatabase } from './database';

export interface TestCustomer {
  customerId: string;
  tenantId: string;
  entraTenantId: string;
  slug: string;
  displayName: string;
  registrationId: string;
}

type ConnectionState = 'invited' | 'consented' | 'verified' | 'degraded' | 'revoked' | 'offboarded';

const READER_ROLES = ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'];
const READER_CLIENT_ID = '7c0d2f4e-2222-4a51-9d51-000000000002';

/** The reading tier's registration, made once per database. */
export async function readerRegistrationId(database: TestDatabase): Promise<string> {
  await database.admin.query(
    `INSERT INTO registration (id, tier, client_id, display_name, required_roles)
     VALUES ($1, 'read', $2, 'Nordsikring Watchfold', $3) ON CONFLICT DO NOTHING`,
    [randomUUID(), READER_CLIENT_ID, READER_ROLES],
  );
  const { rows } = await database.admin.query<{ id: string }>(`SELECT id FROM registration WHERE tier = 'read'`);
  const [row] = rows;
  if (!row) throw new Error('The registration was not written');
  return row.id;
}

/**
 * A customer with one tenant and its connection to the reading tier. A verified, degraded or revoked one has a sync
 * state too, which last completed `syncedAgoMs` ago.
 */
export async function addCustomer(
  database: TestDatabase,
  options: { displayName?: string; state?: ConnectionState; causeCode?: string; syncedAgoMs?: number } = {},
): Promise<TestCustomer> {
  const registrationId = await readerRegistrationId(database);
  const suffix = randomBytes(3).toString('hex');
  const customer: TestCustomer = {
    customerId: randomUUID(),
    tenantId: randomUUID(),
    entraTenantId: randomUUID(),
    slug: `customer-${suffix}`,
    displayName: options.displayName ?? `Fabrikam ${suffix}`,
    registrationId,
  };
  const state = options.state ?? 'verified';
  const { admin } = database;
  await admin.query('INSERT INTO customer (id, display_name) VALUES ($1, $2)', [
    customer.customerId,
    customer.displayName,
  ]);
  await admin.query('INSERT INTO tenant (id, customer_id, slug, entra_tenant_id, domain) VALUES ($1, $2, $3, $4, $5)', [
    customer.tenantId,
    customer.customerId,
    customer.slug,
    customer.entraTenantId,
    `${customer.slug}.example`,
  ]);
  const hasGrant = state === 'verified' || state === 'degraded';
  await admin.query(
    `INSERT INTO connection (tenant_id, registration_id, state, granted_roles, cause_code, verified_at)
     VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN clock_timestamp() END)`,
    [customer.tenantId, registrationId, state, hasGrant ? READER_ROLES : [], options.causeCode ?? null, hasGrant],
  );
  if (hasGrant || state === 'revoked') {
    await admin.query(
      `INSERT INTO sync_state (tenant_id, stream, history_complete, state, last_complete_at, attempt_started_at,
         attempt_ended_at, due_at)
       SELECT $1, 'incidents', true, 'complete', at, at, at, clock_timestamp() + interval '1 minute'
       FROM (SELECT clock_timestamp() - $2 * interval '1 millisecond' AS at) AS moment`,
      [customer.tenantId, options.syncedAgoMs ?? 0],
    );
  }
  return customer;
}

const SEVERITY_RANKS: Record<string, number> = { high: 4, medium: 3, low: 2, informational: 1 };

export interface IncidentOptions {
  id?: string;
  title?: string;
  severity?: string;
  status?: string;
  lastUpdateText?: string;
  createdText?: string;
  arrivedAt?: Date;
  webUrl?: string | null;
  redirectIncidentId?: string | null;
  alertsState?: 'complete' | 'pending' | 'failed';
  raw?: string;
}

let nextIncidentId = 1000;

/** An incident as the worker would have stored it, with its raw record and no alerts; answers its id. */
export async function addIncident(
  database: TestDatabase,
  customer: { tenantId: string },
  options: IncidentOptions = {},
): Promise<string> {
  const id = options.id ?? String(nextIncidentId++);
  const severity = options.severity ?? 'medium';
  const status = options.status ?? 'active';
  const lastUpdateText = options.lastUpdateText ?? '2026-11-20T08:00:00.1234567Z';
  const createdText = options.createdText ?? '2026-11-20T07:00:00Z';
  const title = options.title ?? `Multi-stage incident ${id}`;
  await database.admin.query(
    `INSERT INTO incident (tenant_id, id, title, severity, severity_rank, status, is_open, created_text, created_ticks,
       last_update_text, last_update_ticks, content_hash, arrived_at, web_url, redirect_incident_id, alerts_state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce($13, clock_timestamp()), $14, $15, $16)`,
    [
      customer.tenantId,
      id,
      title,
      severity,
      SEVERITY_RANKS[severity] ?? 0,
      status,
      status !== 'resolved' && status !== 'redirected',
      createdText,
      ticksOf(createdText),
      lastUpdateText,
      ticksOf(lastUpdateText),
      `${id}:${lastUpdateText}`,
      options.arrivedAt ?? null,
      options.webUrl ?? null,
      options.redirectIncidentId ?? null,
      options.alertsState ?? 'complete',
    ],
  );
  const raw = options.raw ?? JSON.stringify({ id, displayName: title, severity, status });
  await database.admin.query('INSERT INTO incident_raw (tenant_id, id, raw) VALUES ($1, $2, $3)', [
    customer.tenantId,
    id,
    raw,
  ]);
  return id;
}

/** An alert of an incident, with these pieces of evidence; answers its id. */
export async function addAlert(
  database: TestDatabase,
  customer: { tenantId: string },
  incidentId: string,
  options: {
    title?: string;
    severity?: string;
    status?: string;
    evidence?: { kind: string; label?: string | null; verdict?: string; fields?: object }[];
  } = {},
): Promise<string> {
  const id = `da${randomBytes(8).toString('hex')}_1`;
  const severity = options.severity ?? 'medium';
  const title = options.title ?? 'Suspicious sign-in';
  const { admin } = database;
  await admin.query(
    `INSERT INTO alert (tenant_id, id, incident_id, title, severity, severity_rank, status, raw)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      customer.tenantId,
      id,
      incidentId,
      title,
      severity,
      SEVERITY_RANKS[severity] ?? 0,
      options.status ?? 'new',
      JSON.stringify({ id, title }),
    ],
  );
  for (const [ordinal, piece] of (options.evidence ?? []).entries()) {
    await admin.query(
      `INSERT INTO evidence (tenant_id, alert_id, ordinal, kind, verdict, label, fields)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        customer.tenantId,
        id,
        ordinal,
        piece.kind,
        piece.verdict ?? 'suspicious',
        piece.label ?? null,
        JSON.stringify(piece.fields ?? {}),
      ],
    );
  }
  await admin.query('UPDATE incident SET alert_count = alert_count + 1 WHERE tenant_id = $1 AND id = $2', [
    customer.tenantId,
    incidentId,
  ]);
  return id;
}
