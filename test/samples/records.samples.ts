/** Recorded incidents and alerts of others, through the product's reading: accepted, whole, and shown in full. */
import { describe, expect, inject, test } from 'vitest';
import type { WireRecord } from '@/lib/microsoft/graph';
import { type AlertRow, alertRowFrom, type EvidenceRow } from '@/lib/sync/alert-record';
import { type IncidentRecord, incidentRecordFrom } from '@/lib/sync/incident-record';
import type { Rejection } from '@/lib/sync/record';
import { graphAnswering } from './microsoft';
import { payloadsIn, type Sample, type Wire } from './payloads';
import type { SourceNode } from './source-nodes';

const { alerts, incidents, pages } = payloadsIn(inject('samplesFolder'));

/** Log shippers split a list of alerts into records of one alert each; Graph itself never sends that. */
const isReshaped = ({ wire }: Sample) => 'alerts' in wire && !Array.isArray(wire['alerts']);
const received = incidents.filter((sample) => !isReshaped(sample));
const reshaped = incidents.filter(isReshaped);

/** The tenant that the record names. */
const tenantOf = (wire: Wire) => String(wire['tenantId'] ?? '').toLowerCase();
const memberOf = (node: SourceNode, name: string) => node.members.find((member) => member.name === name)?.node;

async function recordsOf(pageText: string): Promise<WireRecord[]> {
  return (await graphAnswering(200, pageText).newestIncident()).records;
}

/** The record as the product gets it: out of a page, in the very bytes of the file. */
async function recordOf({ node }: Sample): Promise<WireRecord> {
  const [record] = await recordsOf(`{ "value" : [\r\n${node.text}\t] }`);
  if (!record) throw new Error('the page has no record');
  return record;
}

function kept<T extends object>(judged: T | Rejection): T {
  if ('reason' in judged) throw new Error(`rejected: ${judged.reason}`);
  return judged;
}

const keptIncident = async (sample: Sample): Promise<IncidentRecord> =>
  kept(incidentRecordFrom(await recordOf(sample), tenantOf(sample.wire)));
const keptAlert = async (sample: Sample): Promise<AlertRow> =>
  kept(alertRowFrom(await recordOf(sample), tenantOf(sample.wire)));

/** Each of `columns` must hold what the wire's member of that name holds; null where there is none. */
function expectColumns(row: object, wire: Wire, columns: Record<string, string>): void {
  const expected = Object.entries(columns).map(([column, member]) => [column, wire[member] ?? null]);
  expect(row).toMatchObject(Object.fromEntries(expected));
}

function expectTicks(ticks: string | null, text: unknown): void {
  const fraction = /\.(\d+)/.exec(String(text))?.[1] ?? '';
  expect(Number(BigInt(ticks ?? '0') / 10_000_000n) * 1000).toBe(Math.floor(Date.parse(String(text)) / 1000) * 1000);
  expect(ticks?.slice(-7)).toBe(fraction.padEnd(7, '0'));
}

function expectEvidence(row: EvidenceRow | undefined, wire: Wire, ordinal: number): void {
  const { '@odata.type': type, ...fields } = wire;
  const kind = typeof type === 'string' ? type.split('.').at(-1) : 'unknown';
  expect(row).toMatchObject({ ordinal, kind, roles: wire['roles'] ?? [] });
  expect(row?.fields).toMatchObject(fields);
  expectColumns(row ?? {}, wire, {
    verdict: 'verdict',
    remediation_status: 'remediationStatus',
    created_text: 'createdDateTime',
  });
  // A type that Microsoft documents shows by a text of its own; one without a type can't.
  if (typeof type === 'string') expect(JSON.stringify(wire)).toContain(JSON.stringify(row?.label));
  else expect(row?.label).toBeNull();
}

function expectAlert(row: AlertRow, wire: Wire): void {
  expectColumns(row, wire, {
    id: 'id',
    title: 'title',
    severity: 'severity',
    status: 'status',
    classification: 'classification',
    determination: 'determination',
    category: 'category',
    service_source: 'serviceSource',
    detection_source: 'detectionSource',
    product_name: 'productName',
    assigned_to: 'assignedTo',
    description: 'description',
    recommended_actions: 'recommendedActions',
    threat_display_name: 'threatDisplayName',
    actor_display_name: 'actorDisplayName',
    investigation_state: 'investigationState',
    web_url: 'alertWebUrl',
    created_text: 'createdDateTime',
    last_update_text: 'lastUpdateDateTime',
    first_activity_text: 'firstActivityDateTime',
    last_activity_text: 'lastActivityDateTime',
    resolved_text: 'resolvedDateTime',
  });
  expect(row.mitre_techniques).toEqual(wire['mitreTechniques'] ?? []);
  expectTicks(row.created_ticks, wire['createdDateTime']);
  const evidence = (wire['evidence'] ?? []) as Wire[];
  expect(row.evidence).toHaveLength(evidence.length);
  for (const [ordinal, piece] of evidence.entries()) expectEvidence(row.evidence[ordinal], piece, ordinal);
}

test('the samples hold incidents with and without alerts, alerts with evidence, and lists', () => {
  expect(pages.length).toBeGreaterThan(0);
  expect(received.filter(({ wire }) => Array.isArray(wire['alerts'])).length).toBeGreaterThan(0);
  expect(received.filter(({ wire }) => !('alerts' in wire)).length).toBeGreaterThan(0);
  expect(alerts.filter(({ wire }) => Array.isArray(wire['evidence'])).length).toBeGreaterThan(0);
});

describe('a list is cut into its records, byte for byte', () => {
  test.each(pages)('$name', async ({ node }) => {
    const records = await recordsOf(node.text);
    expect(records.map(({ text }) => text)).toEqual(memberOf(node, 'value')?.elements.map(({ text }) => text));
  });
});

describe('an incident is accepted for the tenant that it names, and for no other', () => {
  test.each(received)('$name', async (sample) => {
    await keptIncident(sample);
    const elsewhere = incidentRecordFrom(await recordOf(sample), 'ffffffff-aaaa-4aaa-8aaa-ffffffffffff');
    expect(elsewhere).toMatchObject({ reason: 'WRONG_TENANT', raw: sample.node.text });
  });
});

describe('an incident is kept in the bytes received, its alerts apart', () => {
  test.each(received)('$name', async (sample) => {
    const { node, wire } = sample;
    const { row, alerts: rows, rejectedAlerts } = await keptIncident(sample);
    expect(rejectedAlerts).toEqual([]);
    if (!('alerts' in wire)) {
      expect(row.raw).toBe(node.text);
      expect(rows).toBeNull();
      return;
    }
    const own = node.members.filter(({ name }) => !/^alerts(@|$)/.test(name));
    expect(row.raw).toBe(`{${own.map(({ text }) => text).join(',')}}`);
    expect(rows?.map(({ raw }) => raw)).toEqual(memberOf(node, 'alerts')?.elements.map(({ text }) => text));
  });
});

describe('an incident shows what Microsoft said', () => {
  test.each(received)('$name', async (sample) => {
    const { wire } = sample;
    const { row, alerts: rows } = await keptIncident(sample);
    expectColumns(row, wire, {
      id: 'id',
      title: 'displayName',
      status: 'status',
      assigned_to: 'assignedTo',
      classification: 'classification',
      determination: 'determination',
      description: 'description',
      summary: 'summary',
      resolving_comment: 'resolvingComment',
      last_modified_by: 'lastModifiedBy',
      redirect_incident_id: 'redirectIncidentId',
      web_url: 'incidentWebUrl',
      created_text: 'createdDateTime',
      last_update_text: 'lastUpdateDateTime',
    });
    expect(row.severity).toBe(wire['severity'] ?? 'unknown');
    expect(row.custom_tags).toEqual(wire['customTags'] ?? []);
    expect(row.system_tags).toEqual(wire['systemTags'] ?? []);
    expect(row.comments).toEqual(wire['comments'] ?? []);
    expectTicks(row.created_ticks, wire['createdDateTime']);
    expectTicks(row.last_update_ticks, wire['lastUpdateDateTime']);
    const expanded = (wire['alerts'] ?? []) as Wire[];
    expect(rows ?? []).toHaveLength(expanded.length);
    for (const [index, alert] of (rows ?? []).entries()) expectAlert(alert, expanded[index] ?? {});
  });
});

describe('an alert is accepted, kept in the bytes received and shows what Microsoft said', () => {
  test.each(alerts)('$name', async (sample) => {
    const row = await keptAlert(sample);
    expect(row.raw).toBe(sample.node.text);
    expectAlert(row, sample.wire);
  });
});

test('a record that is no longer in the shape of Graph is set aside whole', async () => {
  for (const sample of reshaped) {
    const judged = incidentRecordFrom(await recordOf(sample), tenantOf(sample.wire));
    expect(judged).toEqual({ reason: 'SHAPE', recordId: sample.wire['id'], raw: sample.node.text });
  }
});
