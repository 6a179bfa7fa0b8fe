import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/access/actor';
import { actorOf } from '@/test/actors';
import { addAlert, addCustomer, addIncident, type TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { addUser, assign } from '@/test/people';
import { openIncident } from './commands';

let database: TestDatabase;
let fabrikam: TestCustomer;
let foreign: TestCustomer;
let analyst: Actor;

const open = (slug: string, id: string, more: { allAlerts?: boolean; evenIfMerged?: boolean; raw?: boolean } = {}) =>
  openIncident(
    analyst,
    {
      slug,
      id,
      allAlerts: more.allAlerts ?? false,
      evenIfMerged: more.evenIfMerged ?? false,
      withRawAlerts: more.raw ?? false,
    },
    60_000,
  );

async function opened(...request: Parameters<typeof open>) {
  const found = await open(...request);
  if (found?.kind !== 'opened') throw new Error('Not opened');
  return found;
}

async function readsOf(id: string): Promise<Record<string, unknown>[]> {
  const { rows } = await database.admin.query(
    `SELECT actor_kind, actor_object_id, tenant_id, result FROM audit_event WHERE action = 'incident.read' AND target = $1`,
    [id],
  );
  return rows;
}

beforeAll(async () => {
  database = await createTestDatabase();
  fabrikam = await addCustomer(database);
  foreign = await addCustomer(database);
  const jens = await addUser(database, { roles: ['analyst'] });
  await assign(database, jens, fabrikam);
  analyst = actorOf(jens, ['analyst']);
});
afterAll(() => database.close());

describe('opening an incident', () => {
  it('writes who read what of whom', async () => {
    const id = await addIncident(database, fabrikam);
    await opened(fabrikam.slug, id);
    expect(await readsOf(id)).toEqual([
      { actor_kind: 'user', actor_object_id: analyst.entraObjectId, tenant_id: fabrikam.tenantId, result: 'ok' },
    ]);
  });

  it('reads nothing when the audit row can’t be written', async () => {
    const id = await addIncident(database, fabrikam);
    await database.admin.query('REVOKE INSERT ON audit_event FROM watchfold_web');
    try {
      await expect(open(fabrikam.slug, id)).rejects.toThrow(/permission denied/);
    } finally {
      await database.admin.query('GRANT INSERT ON audit_event TO watchfold_web');
    }
  });

  it('finds no foreign incident, no unknown one and no malformed name, and records none', async () => {
    const id = await addIncident(database, foreign);
    expect(await open(foreign.slug, id)).toBeNull();
    expect(await open(fabrikam.slug, id)).toBeNull();
    expect(await open('nobody', id)).toBeNull();
    expect(await open(fabrikam.slug, '0')).toBeNull();
    expect(await open(fabrikam.slug, '\u0000')).toBeNull();
    expect(await open("x' OR true --", '1')).toBeNull();
    expect(await readsOf(id)).toEqual([]);
  });

  it('gives alerts gravest first, each with its evidence, of kinds known or not', async () => {
    const id = await addIncident(database, fabrikam);
    await addAlert(database, fabrikam, id, { title: 'Low', severity: 'low' });
    await addAlert(database, fabrikam, id, {
      title: 'High',
      severity: 'high',
      evidence: [
        { kind: 'deviceEvidence', label: 'w11pro-test' },
        { kind: 'newKindEvidence', fields: { nested: { value: 1 } } },
      ],
    });
    const { alerts } = await opened(fabrikam.slug, id);
    expect(alerts.map(({ title }) => title)).toEqual(['High', 'Low']);
    expect(alerts[0]?.evidence.map(({ kind, label, fields }) => [kind, label, fields])).toEqual([
      ['deviceEvidence', 'w11pro-test', {}],
      ['newKindEvidence', null, { nested: { value: 1 } }],
    ]);
  });

  it('shows twenty alerts unless all are asked for', async () => {
    const id = await addIncident(database, fabrikam);
    for (let index = 0; index < 22; index++) await addAlert(database, fabrikam, id);
    expect((await opened(fabrikam.slug, id)).alerts).toHaveLength(20);
    const all = await opened(fabrikam.slug, id, { allAlerts: true, raw: true });
    expect(all.alerts).toHaveLength(22);
    expect(all.rawAlerts?.map((alert) => alert.id)).toEqual(all.alerts.map((alert) => alert.id));
  });

  it('keeps the record as it was received', async () => {
    const raw = '{"id":"1",  "big":12345678901234567890}';
    const id = await addIncident(database, fabrikam, { raw });
    const found = await opened(fabrikam.slug, id);
    expect(found.raw).toBe(raw);
    expect(found.rawAlerts).toBeNull();
  });
});

describe('a merged incident', () => {
  it('leads to the one it lives on in, through merges of merges', async () => {
    const survivor = await addIncident(database, fabrikam);
    const middle = await addIncident(database, fabrikam, { status: 'redirected', redirectIncidentId: survivor });
    const first = await addIncident(database, fabrikam, { status: 'redirected', redirectIncidentId: middle });
    expect(await open(fabrikam.slug, first)).toEqual({ kind: 'merged', survivorId: survivor });
    expect(await readsOf(first)).toEqual([]);
    expect(await opened(fabrikam.slug, first, { evenIfMerged: true })).toMatchObject({ survivorId: survivor });
  });

  it('is shown itself when the other is not here, or when merges go in a circle', async () => {
    const lonely = await addIncident(database, fabrikam, { status: 'redirected', redirectIncidentId: '404404' });
    expect(await opened(fabrikam.slug, lonely)).toMatchObject({ survivorId: null });
    await addIncident(database, fabrikam, { id: '9001', redirectIncidentId: '9002' });
    await addIncident(database, fabrikam, { id: '9002', redirectIncidentId: '9001' });
    expect(await opened(fabrikam.slug, '9001')).toMatchObject({ survivorId: null });
  });
});
