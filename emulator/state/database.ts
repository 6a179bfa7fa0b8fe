import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signing_keys (kid TEXT PRIMARY KEY, private_pem TEXT NOT NULL, certificate_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS applications (app_id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tenants (
  tid TEXT PRIMARY KEY, domain TEXT NOT NULL UNIQUE, body TEXT NOT NULL, next_incident INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS service_principals (
  tid TEXT NOT NULL, app_id TEXT NOT NULL, object_id TEXT NOT NULL, roles TEXT NOT NULL, disabled INTEGER NOT NULL,
  deleted INTEGER NOT NULL, visible_at INTEGER NOT NULL, roles_at INTEGER NOT NULL, misses INTEGER NOT NULL,
  PRIMARY KEY (tid, app_id));
CREATE TABLE IF NOT EXISTS grants (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS incidents (
  tid TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  status TEXT NOT NULL, severity TEXT NOT NULL, classification TEXT, determination TEXT, assigned_to TEXT,
  body TEXT NOT NULL, PRIMARY KEY (tid, id));
CREATE INDEX IF NOT EXISTS incidents_by_update ON incidents (tid, updated);
CREATE INDEX IF NOT EXISTS incidents_by_creation ON incidents (tid, created);
CREATE TABLE IF NOT EXISTS alerts (
  tid TEXT NOT NULL, id TEXT NOT NULL, incident_id TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  status TEXT NOT NULL, severity TEXT NOT NULL, service_source TEXT NOT NULL, classification TEXT, determination TEXT,
  assigned_to TEXT, body TEXT NOT NULL, PRIMARY KEY (tid, id));
CREATE INDEX IF NOT EXISTS alerts_by_incident ON alerts (tid, incident_id, created);
CREATE INDEX IF NOT EXISTS alerts_by_creation ON alerts (tid, created);
CREATE INDEX IF NOT EXISTS alerts_by_update ON alerts (tid, updated);
CREATE TABLE IF NOT EXISTS pending (
  version INTEGER PRIMARY KEY, tid TEXT NOT NULL, id TEXT NOT NULL, visible_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ledger (
  version INTEGER PRIMARY KEY, tid TEXT NOT NULL, id TEXT NOT NULL, last_update TEXT NOT NULL, sha256 TEXT NOT NULL,
  visible_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS ledger_by_tenant ON ledger (tid, version);
CREATE TABLE IF NOT EXISTS calls (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, service TEXT NOT NULL, tenant TEXT, app_id TEXT,
  method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, early INTEGER NOT NULL, fault TEXT);
`;

const TABLES = 'settings applications tenants service_principals grants incidents alerts pending ledger calls'.split(
  ' ',
);

export type Row = Record<string, unknown>;

/** SQLite with remembered statements. Without a folder everything lives in memory and dies with the process. */
export class Database {
  private readonly sqlite: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private depth = 0;

  constructor(folder: string | null) {
    if (folder) mkdirSync(folder, { recursive: true });
    this.sqlite = new DatabaseSync(folder ? join(folder, 'emulator.sqlite') : ':memory:');
    // NORMAL: a laptop's power cut may cost the emulator its last second, never its file.
    this.sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.sqlite.exec(SCHEMA);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...values).changes);
  }

  one(sql: string, ...values: SQLInputValue[]): Row | null {
    return (this.prepared(sql).get(...values) as Row | undefined) ?? null;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.prepared(sql).all(...values) as Row[];
  }

  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.sqlite.exec('BEGIN');
    this.depth = 1;
    try {
      const result = work();
      this.sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      this.sqlite.exec('ROLLBACK');
      throw error;
    } finally {
      this.depth = 0;
    }
  }

  /** Everything but the signing keys: tokens of before a reset stay well-formed, as Entra's keys outlive any tenant. */
  empty(): void {
    this.transaction(() => {
      for (const table of TABLES) this.run(`DELETE FROM ${table}`);
    });
  }

  close(): void {
    this.statements.clear();
    this.sqlite.close();
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.sqlite.prepare(sql);
    // Filters make an open-ended set of texts.
    if (this.statements.size > 500) this.statements.clear();
    this.statements.set(sql, statement);
    return statement;
  }
}
