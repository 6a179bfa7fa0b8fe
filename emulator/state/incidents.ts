import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import type { Alert, Incident, IncidentVersion } from './security-records.ts';
import { formatTicks, nowTicks, parseTicks } from './ticks.ts';

function ticksOrThrow(text: string): bigint {
  const ticks = parseTicks(text);
  if (ticks === null) throw new Error(`Not a timestamp: ${text}`);
  return ticks;
}

function nextVersion(database: Database): number {
  const row = database.one(
    `SELECT max(coalesce((SELECT max(version) FROM ledger), 0), coalesce((SELECT max(version) FROM pending), 0)) AS v`,
  );
  return Number(row?.['v'] ?? 0) + 1;
}

/** The digest the ledger keeps: of the incident exactly as the list with `$expand=alerts` embeds it. */
function digestOf(version: IncidentVersion): string {
  const json = JSON.stringify({ ...version.incident, alerts: version.alerts });
  return createHash('sha256').update(json).digest('hex');
}

function write(database: Database, tid: string, version: number, entry: IncidentVersion, visibleAtMs: number): void {
  const { incident, alerts } = entry;
  const current = database.one('SELECT version FROM incidents WHERE tid = ? AND id = ?', tid, incident.id);
  // Late visibility may bring an older version after a newer one: it was never visible, so it has no ledger line.
  if (current && Number(current['version']) > version) return;
  database.run(
    `INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, created = excluded.created, updated = excluded.updated,
       status = excluded.status, severity = excluded.severity, classification = excluded.classification,
       determination = excluded.determination, assigned_to = excluded.assigned_to, body = excluded.body`,
    tid,
    incident.id,
    version,
    ticksOrThrow(incident.createdDateTime),
    ticksOrThrow(incident.lastUpdateDateTime),
    incident.status,
    incident.severity,
    incident.classification,
    incident.determination,
    incident.assignedTo,
    JSON.stringify(incident),
  );
  database.run('DELETE FROM alerts WHERE tid = ? AND incident_id = ?', tid, incident.id);
  for (const alert of alerts) {
    database.run(
      'INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      tid,
      alert.id,
      incident.id,
      ticksOrThrow(alert.createdDateTime),
      ticksOrThrow(alert.lastUpdateDateTime),
      alert.status,
      alert.severity,
      alert.serviceSource,
      alert.classification,
      alert.determination,
      alert.assignedTo,
      JSON.stringify(alert),
    );
  }
  database.run(
    'INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)',
    version,
    tid,
    incident.id,
    incident.lastUpdateDateTime,
    digestOf(entry),
    visibleAtMs,
  );
}

/** Makes a version visible now, or at `visibleAtMs` while Graph goes on showing the one before. */
export function publish(database: Database, tid: string, entry: IncidentVersion, visibleAtMs = 0): void {
  database.transaction(() => {
    const version = nextVersion(database);
    if (visibleAtMs <= Date.now()) write(database, tid, version, entry, Date.now());
    else {
      const body = JSON.stringify(entry);
      database.run('INSERT INTO pending VALUES (?, ?, ?, ?, ?)', version, tid, entry.incident.id, visibleAtMs, body);
    }
  });
}

/** Versions that were published late and are due now. Called before anything is read. */
export function revealDue(database: Database): void {
  const due = database.all('SELECT * FROM pending WHERE visible_at <= ? ORDER BY visible_at, version', Date.now());
  if (due.length === 0) return;
  database.transaction(() => {
    for (const row of due) {
      const entry = JSON.parse(String(row['body'])) as IncidentVersion;
      write(database, String(row['tid']), Number(row['version']), entry, Number(row['visible_at']));
      database.run('DELETE FROM pending WHERE version = ?', Number(row['version']));
    }
  });
}

export function alertsOf(database: Database, tid: string, incidentId: string): Alert[] {
  return database
    .all('SELECT body FROM alerts WHERE tid = ? AND incident_id = ? ORDER BY created, id', tid, incidentId)
    .map((row) => JSON.parse(String(row['body'])) as Alert);
}

export function findIncident(database: Database, tid: string, id: string): Incident | null {
  const row = database.one('SELECT body FROM incidents WHERE tid = ? AND id = ?', tid, id);
  return row ? (JSON.parse(String(row['body'])) as Incident) : null;
}

export function findAlert(database: Database, tid: string, id: string): Alert | null {
  const row = database.one('SELECT body FROM alerts WHERE tid = ? AND id = ?', tid, id);
  return row ? (JSON.parse(String(row['body'])) as Alert) : null;
}

/** The newest version there is, visible or still on its way, so that two changes never undo each other. */
export function newestVersion(database: Database, tid: string, id: string): IncidentVersion | null {
  const late = database.one('SELECT body FROM pending WHERE tid = ? AND id = ? ORDER BY version DESC LIMIT 1', tid, id);
  if (late) return JSON.parse(String(late['body'])) as IncidentVersion;
  const incident = findIncident(database, tid, id);
  return incident ? { incident, alerts: alertsOf(database, tid, id) } : null;
}

/** Applies a change to the newest version and stamps it: the clock, and who did it. Answers null for an unknown id. */
export function changeIncident(
  database: Database,
  tid: string,
  id: string,
  by: string,
  change: (version: IncidentVersion, at: string) => void,
  visibleAtMs = 0,
): IncidentVersion | null {
  const version = newestVersion(database, tid, id);
  if (!version) return null;
  const at = formatTicks(nowTicks());
  version.incident.lastUpdateDateTime = at;
  version.incident.lastModifiedBy = by;
  change(version, at);
  publish(database, tid, version, visibleAtMs);
  return version;
}

export function countIncidents(database: Database, tid: string): { incidents: number; alerts: number } {
  const incidents = database.one('SELECT count(*) AS n FROM incidents WHERE tid = ?', tid);
  const alerts = database.one('SELECT count(*) AS n FROM alerts WHERE tid = ?', tid);
  return { incidents: Number(incidents?.['n'] ?? 0), alerts: Number(alerts?.['n'] ?? 0) };
}

interface LedgerLine {
  version: number;
  id: string;
  lastUpdateDateTime: string;
  sha256: string;
  visibleAtMs: number;
}

export function readLedger(database: Database, tid: string): LedgerLine[] {
  return database.all('SELECT * FROM ledger WHERE tid = ? ORDER BY version', tid).map((row) => ({
    version: Number(row['version']),
    id: String(row['id']),
    lastUpdateDateTime: String(row['last_update']),
    sha256: String(row['sha256']),
    visibleAtMs: Number(row['visible_at']),
  }));
}
