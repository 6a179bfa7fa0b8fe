import { expect, test } from 'vitest';
import { type IncidentRecord, incidentRecordFrom } from './incident-record';
import type { Rejection } from './record';

const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';

const incident = {
  id: '29',
  tenantId: TENANT.toUpperCase(),
  status: 'active',
  severity: 'high',
  displayName: 'Multi-stage incident',
  createdDateTime: '2026-01-22T12:09:23.1433333Z',
  lastUpdateDateTime: '2026-02-25T16:29:33.1Z',
  customTags: ['Demo'],
};
const device = { '@odata.type': '#microsoft.graph.security.deviceEvidence', hostName: 'w11', verdict: 'suspicious' };
const alert = { id: 'da1', title: 'An alert', severity: 'medium', status: 'new', evidence: [device] };

function judged(value: object, text = JSON.stringify(value)): IncidentRecord | Rejection {
  return incidentRecordFrom({ value: JSON.parse(text), text }, TENANT);
}

function kept(value: object, text?: string): IncidentRecord {
  const result = judged(value, text);
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

test('times keep their text and their full precision', () => {
  const { row } = kept(incident);
  expect(row).toMatchObject({
    created_text: '2026-01-22T12:09:23.1433333Z',
    last_update_text: '2026-02-25T16:29:33.1Z',
  });
  expect(row.created_ticks.endsWith('1433333')).toBe(true);
  expect(row.last_update_ticks.endsWith('1000000')).toBe(true);
});

test.each([
  ['active', true],
  ['inProgress', true],
  ['awaitingAction', true],
  ['a status of next year', true],
  ['resolved', false],
  ['redirected', false],
])('an incident that is %s counts as open: %s', (status, isOpen) => {
  expect(kept({ ...incident, status }).row).toMatchObject({ status, is_open: isOpen });
});

test.each([
  ['high', 4],
  ['medium', 3],
  ['low', 2],
  ['informational', 1],
  ['unknown', 0],
  ['constructor', 0],
  ['critical', 0],
])('the severity %s ranks %d', (severity, rank) => {
  expect(kept({ ...incident, severity }).row).toMatchObject({ severity, severity_rank: rank });
});

test('a record has the same text and hash with and without its alerts', () => {
  const plain = JSON.stringify(incident);
  const expanded = `${plain.slice(0, -1)},"alerts@odata.context":"…","alerts":${JSON.stringify([alert])}}`;
  const withAlerts = kept(incident, expanded);
  expect(withAlerts.row.raw).toBe(plain);
  expect(withAlerts.row.content_hash).toBe(kept(incident).row.content_hash);
  expect(withAlerts.alerts).toHaveLength(1);
  expect(kept(incident).alerts).toBeNull();
});

test('the raw record is what Microsoft sent, also where JavaScript would round it', () => {
  const text = JSON.stringify(incident).replace('}', ',"future":12345678901234567890}');
  expect(kept(incident, text).row.raw).toBe(text);
});

test('alerts that came only in part are not taken for all of them', () => {
  const expanded = { ...incident, alerts: [alert], 'alerts@odata.nextLink': 'https://graph.microsoft.com/…' };
  expect(kept(expanded).alerts).toBeNull();
});

test.each([
  ['another tenant', { tenantId: '22222222-aaaa-4aaa-8aaa-222222222222' }, 'WRONG_TENANT'],
  ['no tenant', { tenantId: null }, 'WRONG_TENANT'],
  ['a NUL character', { displayName: 'a\u0000b' }, 'NUL_CHARACTER'],
  ['half a surrogate pair', { description: 'a\ud800b' }, 'LONE_SURROGATE'],
  ['a NUL inside a comment', { comments: [{ comment: '\u0000' }] }, 'NUL_CHARACTER'],
  ['a time that is none', { lastUpdateDateTime: 'yesterday' }, 'TIMESTAMP'],
  ['a title that is no text', { displayName: 7 }, 'SHAPE'],
  ['no id', { id: undefined }, 'SHAPE'],
  ['an endless id', { id: '9'.repeat(600) }, 'SHAPE'],
])('a record with %s is kept apart', (_what, change, reason) => {
  const result = judged({ ...incident, ...change });
  expect(result).toMatchObject({ reason });
});

test('a record kept apart keeps its text and, if it can be written, its id', () => {
  const text = JSON.stringify({ ...incident, displayName: 'a\u0000b' });
  expect(judged(incident, text)).toEqual({ reason: 'NUL_CHARACTER', recordId: '29', raw: text });
  expect(judged({ ...incident, id: 'a\u0000', displayName: 3 })).toMatchObject({ recordId: null });
});

test('trouble in a member that no column takes does not keep a record apart', () => {
  expect(kept({ ...incident, somethingNew: '\u0000' }).row.raw).toContain(String.raw`\u0000`);
});

test('comments nested without end do not end the worker', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const text = JSON.stringify(incident).replace('}', `,"comments":[${deep}]}`);
  expect(judged(incident, text)).toMatchObject({ reason: 'TOO_DEEP' });
});

test('a number too large for its column is left out of it', () => {
  expect(kept({ ...incident, priorityScore: 1e30 }).row.priority_score).toBeNull();
  expect(kept({ ...incident, priorityScore: 100 }).row.priority_score).toBe(100);
});

test('a bad alert does not lose its incident or its neighbours', () => {
  const bad = { ...alert, id: 'da2', evidence: [{ ...device, hostName: '\u0000' }] };
  const foreign = { ...alert, id: 'da3', tenantId: '22222222-aaaa-4aaa-8aaa-222222222222' };
  const { alerts, rejectedAlerts } = kept({ ...incident, alerts: [alert, bad, foreign] });
  expect(alerts?.map(({ id }) => id)).toEqual(['da1']);
  expect(rejectedAlerts.map(({ reason, recordId }) => [reason, recordId])).toEqual([
    ['NUL_CHARACTER', 'da2'],
    ['WRONG_TENANT', 'da3'],
  ]);
});

test('evidence is known by its type, also by one that nobody knows', () => {
  const unheard = { '@odata.type': '#microsoft.graph.security.quantumEvidence', qubits: 3 };
  const { alerts } = kept({ ...incident, alerts: [{ ...alert, evidence: [device, unheard, { any: 1 }] }] });
  expect(alerts?.[0]?.evidence.map(({ kind, label, ordinal }) => [ordinal, kind, label])).toEqual([
    [0, 'deviceEvidence', 'w11'],
    [1, 'quantumEvidence', null],
    [2, 'unknown', null],
  ]);
  expect(alerts?.[0]?.evidence[1]?.fields).toMatchObject({ qubits: 3 });
});
