import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** What an authorization code or a refresh token stands for. */
export interface Grant {
  tid: string;
  appId: string;
  userPrincipalName: string;
  redirectUri: string;
  scope: string;
  resource: string;
  nonce: string | null;
  codeChallenge: string | null;
  codeChallengeMethod: string | null;
  version: 'v1' | 'v2';
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** A new opaque code or refresh token; only its digest is kept. */
export function issueGrant(database: Database, kind: 'code' | 'refresh', grant: Grant, lifetimeMs: number): string {
  const value = `${kind === 'code' ? '1.A' : '1.R'}${randomBytes(48).toString('base64url')}`;
  const expiresAt = Date.now() + lifetimeMs;
  database.run('INSERT INTO grants VALUES (?, ?, ?, ?, 0)', digest(value), kind, JSON.stringify(grant), expiresAt);
  return value;
}

export function readGrant(
  database: Database,
  kind: 'code' | 'refresh',
  value: string,
): { grant: Grant; uses: number; expired: boolean } | null {
  const sql = 'UPDATE grants SET used = used + 1 WHERE hash = ? AND kind = ? RETURNING body, used, expires_at';
  const row = database.one(sql, digest(value), kind);
  if (!row) return null;
  return {
    grant: JSON.parse(String(row['body'])) as Grant,
    uses: Number(row['used']),
    expired: Number(row['expires_at']) <= Date.now(),
  };
}
