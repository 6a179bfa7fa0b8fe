import type { Database } from './database.ts';

const KEPT_ROWS = 50_000;

interface RecordedCall {
  at: number;
  service: 'login' | 'graph';
  tenant: string | null;
  appId: string | null;
  method: string;
  path: string;
  status: number;
  /** Came before the `Retry-After` it had been given was over. */
  early: boolean;
  fault: string | null;
}

export function recordCall(database: Database, call: RecordedCall): void {
  const row = database.one(
    `INSERT INTO calls (at, service, tenant, app_id, method, path, status, early, fault)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
    call.at,
    call.service,
    call.tenant,
    call.appId,
    call.method,
    call.path,
    call.status,
    call.early ? 1 : 0,
    call.fault,
  );
  const seq = Number(row?.['seq'] ?? 0);
  if (seq % 1000 === 0) database.run('DELETE FROM calls WHERE seq <= ?', seq - KEPT_ROWS);
}

export function listCalls(database: Database, tenant: string | null, sinceMs: number): RecordedCall[] {
  const sql = 'SELECT * FROM calls WHERE at >= ? AND (? IS NULL OR tenant = ?) ORDER BY seq';
  return database.all(sql, sinceMs, tenant, tenant).map((row) => ({
    at: Number(row['at']),
    service: row['service'] as 'login' | 'graph',
    tenant: row['tenant'] as string | null,
    appId: row['app_id'] as string | null,
    method: String(row['method']),
    path: String(row['path']),
    status: Number(row['status']),
    early: row['early'] === 1,
    fault: row['fault'] as string | null,
  }));
}
