import { describe, expect, test } from 'vitest';
import {
  type Answer,
  type CloudUnderTest,
  CUSTOMER_TENANT,
  READ_ROLES,
  startConnected,
} from '../testing/cloud-under-test.ts';

const ALL_ROLES = ['SecurityIncident.ReadWrite.All', 'SecurityAlert.ReadWrite.All', 'ThreatHunting.Read.All'];

async function startWithWork(roles = ALL_ROLES) {
  const { cloud, token } = await startConnected({}, { requiredRoles: roles });
  const made = await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, { stories: ['persistence'] });
  return { cloud, token, id: String(made.body.ids[0]) };
}

function send(cloud: CloudUnderTest, token: string, method: string, path: string, body: unknown): Promise<Answer> {
  return cloud.graph(token, path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}

describe('updating an incident', () => {
  test('answers with the whole incident, stamped with the application and the time', async () => {
    const { cloud, token, id } = await startWithWork();
    const before = (await cloud.graph(token, `/security/incidents/${id}`)).body;
    const { status, body } = await send(cloud, token, 'PATCH', `/security/incidents/${id}`, {
      assignedTo: 'ana@partner.example',
      classification: 'TruePositive',
      customTags: ['VIP'],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      assignedTo: 'ana@partner.example',
      classification: 'truePositive',
      customTags: ['VIP'],
      severity: before.severity,
      lastModifiedBy: 'API-App:Partner Reader',
    });
    expect(body.lastUpdateDateTime).not.toBe(before.lastUpdateDateTime);
    expect((await cloud.graph(token, `/security/incidents/${id}`)).body.lastUpdateDateTime).toBe(
      body.lastUpdateDateTime,
    );
  });

  test('resolves the alerts with it', async () => {
    const { cloud, token, id } = await startWithWork();
    await send(cloud, token, 'PATCH', `/security/incidents/${id}`, {
      status: 'resolved',
      classification: 'falsePositive',
    });
    const { body } = await cloud.graph(token, `/security/incidents/${id}/alerts`);
    for (const alert of body.value) {
      expect(alert).toMatchObject({ status: 'resolved', classification: 'falsePositive' });
      expect(alert.resolvedDateTime).not.toBeNull();
    }
  });

  test.each([
    ['an unknown property', { colour: 'red' }],
    ['a property that is read only', { createdDateTime: '2026-01-01T00:00:00Z' }],
    ['a value outside the enum', { severity: 'grave' }],
    ['a text where a list belongs', { customTags: 'VIP' }],
    ['nothing at all', {}],
  ])('refuses %s and leaves the incident alone', async (_what, change) => {
    const { cloud, token, id } = await startWithWork();
    const before = (await cloud.graph(token, `/security/incidents/${id}`)).text;
    expect((await send(cloud, token, 'PATCH', `/security/incidents/${id}`, change)).status).toBe(400);
    expect((await cloud.graph(token, `/security/incidents/${id}`)).text).toBe(before);
  });

  test('needs the writing role', async () => {
    const { cloud, token, id } = await startWithWork(READ_ROLES);
    const answer = await send(cloud, token, 'PATCH', `/security/incidents/${id}`, { status: 'resolved' });
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toContain(
      'API required roles: SecurityIncident.ReadWrite.All, application roles',
    );
  });

  test('finds nothing under an id of nobody', async () => {
    const { cloud, token } = await startWithWork();
    expect((await send(cloud, token, 'PATCH', '/security/incidents/999999', { status: 'active' })).status).toBe(404);
  });
});

describe('comments and alerts', () => {
  test('a comment answers with all comments', async () => {
    const { cloud, token, id } = await startWithWork();
    const comment = (text: string) =>
      send(cloud, token, 'POST', `/security/incidents/${id}/comments`, {
        '@odata.type': 'microsoft.graph.security.alertComment',
        comment: text,
      });
    await comment('first');
    const { status, body } = await comment('second');
    expect(status).toBe(200);
    expect(body.value.map((entry: { comment: string }) => entry.comment)).toEqual(['first', 'second']);
    expect(body.value[1].createdByDisplayName).toBe('API-App:Partner Reader');
  });

  test('an alert change moves the clock of its incident', async () => {
    const { cloud, token, id } = await startWithWork();
    const before = (await cloud.graph(token, `/security/incidents/${id}`)).body;
    const [alert] = (await cloud.graph(token, `/security/incidents/${id}/alerts`)).body.value;
    const changed = await send(cloud, token, 'PATCH', `/security/alerts_v2/${alert.id}`, { status: 'inProgress' });
    expect(changed.body.status).toBe('inProgress');
    expect((await cloud.graph(token, `/security/incidents/${id}`)).body.lastUpdateDateTime).not.toBe(
      before.lastUpdateDateTime,
    );
    expect((await cloud.graph(token, `/security/alerts_v2/${alert.id}`)).body.status).toBe('inProgress');
  });

  test('alerts are found by what their evidence says', async () => {
    const { cloud, token, id } = await startWithWork();
    const [alert] = (await cloud.graph(token, `/security/incidents/${id}/alerts`)).body.value;
    const host = alert.evidence.find((item: { deviceDnsName?: string }) => item.deviceDnsName).deviceDnsName;
    const find = async (name: string) => {
      const filter = `evidence/any(e: e/microsoft.graph.security.deviceEvidence/deviceDnsName eq '${name}')`;
      return (await cloud.graph(token, `/security/alerts_v2?$filter=${encodeURIComponent(filter)}`)).body.value.length;
    };
    expect(await find(host)).toBe(3);
    expect(await find('another-host')).toBe(0);
  });

  test('the alert list takes up to a thousand a page and cuts down more', async () => {
    const { cloud, token } = await startConnected({ incidents: 900 });
    const { status, body } = await cloud.graph(token, '/security/alerts_v2?$top=2000&$select=id');
    expect([status, body.value.length]).toEqual([200, 1000]);
    expect(Object.keys(body.value[0])).toEqual(['id']);
  });
});

describe('hunting', () => {
  const hunt = async (query: unknown, timespan?: string) => {
    const { cloud, token } = await startWithWork();
    return send(cloud, token, 'POST', '/security/runHuntingQuery', {
      Query: query,
      ...(timespan ? { Timespan: timespan } : {}),
    });
  };

  test('answers with a schema and rows', async () => {
    const { status, body } = await hunt(
      'DeviceProcessEvents\n| where FileName =~ "PowerShell.exe" and Timestamp > ago(1d) // recent\n| project Timestamp, FileName\n| limit 2',
    );
    expect(status).toBe(200);
    expect(body.schema).toEqual([
      { name: 'Timestamp', type: 'DateTime' },
      { name: 'FileName', type: 'String' },
    ]);
    expect(body.results.map((row: { FileName: string }) => row.FileName)).toEqual(['powershell.exe']);
  });

  test('counts, groups and sorts', async () => {
    expect((await hunt('AlertInfo | count')).body.results).toEqual([{ Count: 3 }]);
    const { body } = await hunt('AlertInfo | summarize n = count() by Category | sort by Category asc');
    expect(body.results).toEqual(
      ['CommandAndControl', 'Execution', 'Persistence'].map((Category) => ({ Category, n: 1 })),
    );
  });

  test('looks no further than the time span', async () => {
    expect((await hunt('AlertInfo', '2026-01-01T00:00:00Z/P1D')).body.results).toEqual([]);
  });

  test.each([
    'DeviceProcessEvents | explode',
    'NoSuchTable',
    'AlertInfo | where Colour == "red"',
    'AlertInfo | where Title == "open',
    '',
    'AlertInfo | summarize max(Title)',
  ])('answers bad KQL with 400: %s', async (query) => {
    const { status, body } = await hunt(query);
    expect(status).toBe(400);
    expect(body.error.code).toBe('BadRequest');
  });
});
