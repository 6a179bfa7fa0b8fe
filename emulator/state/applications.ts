import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database } from './database.ts';

interface ClientSecret {
  sha256: string;
  expiresAtMs: number | null;
}

export interface Application {
  appId: string;
  displayName: string;
  homeTenantId: string;
  signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs';
  requiredRoles: string[];
  redirectUris: string[];
  secrets: ClientSecret[];
  certificates: string[];
}

export function findApplication(database: Database, appId: string): Application | null {
  const row = database.one('SELECT body FROM applications WHERE app_id = ?', appId.toLowerCase());
  return row ? (JSON.parse(String(row['body'])) as Application) : null;
}

export function listApplications(database: Database): Application[] {
  return database.all('SELECT body FROM applications ORDER BY app_id').map((row) => JSON.parse(String(row['body'])));
}

export function saveApplication(database: Database, application: Application): void {
  const sql = 'INSERT INTO applications VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body';
  database.run(sql, application.appId.toLowerCase(), JSON.stringify(application));
}

/** Secrets are kept as digests only, so neither the state file nor `/state` can give one away. */
export function digestSecret(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

export function matchSecret(application: Application, offered: string, nowMs: number): 'valid' | 'expired' | 'wrong' {
  const digest = Buffer.from(digestSecret(offered));
  const hit = application.secrets.find((secret) => timingSafeEqual(Buffer.from(secret.sha256), digest));
  if (!hit) return 'wrong';
  return hit.expiresAtMs !== null && hit.expiresAtMs <= nowMs ? 'expired' : 'valid';
}
