import { beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../state/database.ts';
import { alertsOf, readLedger } from '../state/incidents.ts';
import type { Evidence, Incident, IncidentVersion } from '../state/security-records.ts';
import { saveTenant } from '../state/tenants.ts';
import { parseTicks } from '../state/ticks.ts';
import { evidenceKinds } from './evidence.ts';
import { generateHistory, STORIES } from './generator.ts';
import { worstSeverity } from './incident-builder.ts';
import { newTenant } from './tenant-entry.ts';

const TENANT = newTenant({ tid: 'cccccccc-0000-4000-8000-000000000001', domain: 'world.dk', displayName: 'World' });

function everyEvidence(value: unknown): Evidence[] {
  if (Array.isArray(value)) return value.flatMap(everyEvidence);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(everyEvidence);
  return '@odata.type' in value ? [value as Evidence, ...inside] : inside;
}

const ticks = (text: string) => parseTicks(text) ?? 0n;

describe('3,000 generated incidents', () => {
  let versions: IncidentVersion[] = [];
  let lines = 0;
  const from = Date.now();

  beforeAll(() => {
    const database = new Database(null);
    saveTenant(database, TENANT, 100);
    generateHistory(database, 1, TENANT, 3000);
    lines = readLedger(database, TENANT.tid).length;
    versions = database.all('SELECT body FROM incidents').map((row) => {
      const incident = JSON.parse(String(row['body'])) as Incident;
      return { incident, alerts: alertsOf(database, TENANT.tid, incident.id) };
    });
    database.close();
  });

  test('are all there, each with its line in the ledger', () => {
    expect(versions).toHaveLength(3000);
    expect(lines).toBeGreaterThan(3000);
    expect(versions.every(({ incident }) => /^\d+$/.test(incident.id))).toBe(true);
  });

  test('lie within the last thirty days and never in the future', () => {
    for (const { incident, alerts } of versions) {
      expect(Date.parse(incident.createdDateTime)).toBeGreaterThan(from - 31 * 86_400_000);
      expect(ticks(incident.lastUpdateDateTime)).toBeGreaterThanOrEqual(ticks(incident.createdDateTime));
      for (const time of [incident.lastUpdateDateTime, ...alerts.map((alert) => alert.lastUpdateDateTime)]) {
        expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
      }
    }
  });

  test('carry from no to seven fraction digits', () => {
    const digits = new Set(
      versions.map(({ incident }) => /\.(\d+)Z$/.exec(incident.lastUpdateDateTime)?.[1]?.length ?? 0),
    );
    expect([...digits].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('agree with their alerts', () => {
    for (const { incident, alerts } of versions) {
      for (const alert of alerts) expect([alert.incidentId, alert.tenantId]).toEqual([incident.id, TENANT.tid]);
      if (incident.status === 'redirected') {
        expect(alerts).toEqual([]);
        const target = versions.find((version) => version.incident.id === incident.redirectIncidentId);
        expect(target?.alerts.length).toBeGreaterThan(1);
      } else expect(incident.severity).toBe(worstSeverity(alerts));
      if (incident.status === 'resolved')
        expect(alerts.every((alert) => alert.status === 'resolved' && alert.resolvedDateTime)).toBe(true);
    }
    expect(versions.filter(({ incident }) => incident.status === 'redirected').length).toBeGreaterThan(10);
  });

  test('use every kind of evidence there is, and one that this version does not know', () => {
    const types = new Set(
      everyEvidence(versions.map((version) => version.alerts)).map((item) => String(item['@odata.type'])),
    );
    const known = evidenceKinds().map((kind) => `#microsoft.graph.security.${kind}Evidence`);
    expect([...types].filter((type) => !known.includes(type))).toEqual([
      '#microsoft.graph.security.browserExtensionEvidence',
    ]);
    expect(known.filter((type) => !types.has(type))).toEqual([]);
  });

  test('stamp every piece of evidence, inner ones too', () => {
    for (const item of everyEvidence(versions.map((version) => version.alerts)))
      expect(parseTicks(String(item['createdDateTime']))).not.toBeNull();
  });

  test('tell every story, and hold text that tries to be markup or to turn the reading direction', () => {
    const text = JSON.stringify(versions);
    expect(text).toContain('<img src=x onerror=alert(1)>');
    expect(text).toContain('\u202E');
    expect(text).toMatch(/-Enc [A-Za-z0-9+/=]{10000,}/);
    expect(Object.keys(STORIES).length).toBeGreaterThanOrEqual(8);
  });
});
