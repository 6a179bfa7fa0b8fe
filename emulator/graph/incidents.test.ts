import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { formatTicks, parseTicks } from '../state/ticks.ts';
import {
  CUSTOMER_TENANT,
  claimsOf,
  HOME_TENANT,
  OTHER_TENANT,
  READER_APP,
  startCloud,
  startConnected,
} from '../testing/cloud-under-test.ts';

type Incident = {
  id: string;
  createdDateTime: string;
  lastUpdateDateTime: string;
  tenantId: string;
  severity: string;
  status: string;
};

const ticks = (text: string) => parseTicks(text) ?? 0n;

describe('the incident list', () => {
  test('comes newest first, fifty a page, with an absolute next link', async () => {
    const { cloud, token } = await startConnected({ incidents: 120 });
    const { body, headers } = await cloud.graph(token, '/security/incidents');
    const created = (body.value as Incident[]).map((incident) => ticks(incident.createdDateTime));
    expect(created).toHaveLength(50);
    expect(created).toEqual(created.toSorted((a, b) => (a < b ? 1 : -1)));
    expect(body['@odata.context']).toBe(`${cloud.emulator.graphOrigin}/v1.0/$metadata#security/incidents`);
    expect(body['@odata.nextLink']).toBe(`${cloud.emulator.graphOrigin}/v1.0/security/incidents?$skip=50`);
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.value[0]).not.toHaveProperty('alerts');
  });

  test('keeps the options of the caller in the next link', async () => {
    const { cloud, token } = await startConnected({ incidents: 30 });
    const first = await cloud.graph(
      token,
      `/security/incidents?$expand=alerts&$top=20&$filter=severity ne 'low'&$count=true`,
    );
    expect(first.body['@odata.nextLink']).toContain('$expand=alerts&$top=20&$filter=severity%20ne%20');
    const second = await cloud.graph(token, first.body['@odata.nextLink']);
    const all = [...first.body.value, ...second.body.value] as Incident[];
    expect(all).toHaveLength(first.body['@odata.count']);
    expect(new Set(all.map((incident) => incident.id)).size).toBe(all.length);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });

  test('pages through 3,000 incidents without loss or double, by links and by time', { timeout: 60_000 }, async () => {
    const { cloud, token } = await startConnected({
      incidents: 3000,
      scenario: { skipCap: false, throttlePerMinute: 1000 },
    });
    const byLink = new Set<string>();
    let link: string | undefined = '/security/incidents';
    let seen = 0;
    while (link) {
      const { body } = await cloud.graph(token, link);
      for (const incident of body.value as Incident[]) byLink.add(incident.id);
      seen += body.value.length;
      link = body['@odata.nextLink'];
    }
    expect([seen, byLink.size]).toEqual([3000, 3000]);
    const byTime = new Set<string>();
    let boundary = '2000-01-01T00:00:00Z';
    for (let full = true; full; ) {
      const query = `/security/incidents?$orderby=lastUpdateDateTime asc&$filter=lastUpdateDateTime ge ${boundary}`;
      const { body } = await cloud.graph(token, query);
      const rows = body.value as Incident[];
      for (const incident of rows) byTime.add(incident.id);
      full = rows.length === 50;
      boundary = rows.at(-1)?.lastUpdateDateTime ?? boundary;
    }
    expect(byTime.size).toBe(3000);
  });

  test('compares times to the last of seven digits', async () => {
    const { cloud, token } = await startConnected({ incidents: 0 });
    for (const at of ['2026-11-22T06:10:11.1234566Z', '2026-11-22T06:10:11.1234567Z', '2026-11-22T06:10:11.1234568Z']) {
      await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, { overrides: { lastUpdateDateTime: at } });
    }
    const count = async (filter: string) =>
      (await cloud.graph(token, `/security/incidents?$filter=lastUpdateDateTime ${filter}`)).body.value.length;
    expect(await count('ge 2026-11-22T06:10:11.1234567Z')).toBe(2);
    expect(await count('gt 2026-11-22T06:10:11.1234567Z')).toBe(1);
    expect(await count('eq 2026-11-22T07:10:11.1234567%2B01:00')).toBe(1);
    expect(await count('lt 2026-11-22T06:10:11.1234567Z')).toBe(1);
  });

  test.each([
    ["status eq 'active'", (incident: Incident) => incident.status === 'active'],
    [
      "status in ('resolved','redirected')",
      (incident: Incident) => ['resolved', 'redirected'].includes(incident.status),
    ],
    [
      "not (status eq 'active' or severity eq 'high')",
      (incident: Incident) => incident.status !== 'active' && incident.severity !== 'high',
    ],
    [
      "severity eq 'high' or severity eq 'low' and status ne 'resolved'",
      (incident: Incident) =>
        incident.severity === 'high' || (incident.severity === 'low' && incident.status !== 'resolved'),
    ],
    ['assignedTo eq null', (incident: Incident) => (incident as unknown as { assignedTo: null }).assignedTo === null],
    ["assignedTo ne 'nobody@example.com'", () => true],
  ])('filters by %s', async (filter, holds) => {
    const { cloud, token } = await startConnected({ incidents: 50 });
    const all = (
      await cloud.graph(token, '/security/incidents', { headers: { prefer: 'include-unknown-enum-members' } })
    ).body.value as Incident[];
    const { body } = await cloud.graph(token, `/security/incidents?$filter=${encodeURIComponent(filter)}`);
    expect((body.value as Incident[]).map((incident) => incident.id)).toEqual(
      all.filter(holds).map((incident) => incident.id),
    );
  });

  test.each([
    [
      '$top=100',
      "The query specified in the URI is not valid. The limit of '50' for Top query has been exceeded. The value from the incoming request is '100'.",
    ],
    [
      '$skip=501',
      "The query specified in the URI is not valid. The limit of '500' for Skip query has been exceeded. The value from the incoming request is '501'.",
    ],
    [
      "$filter=colour eq 'red'",
      "Could not find a property named 'colour' on type 'microsoft.graph.security.incident'.",
    ],
    ["$filter=displayName eq 'x'", "The property 'displayName' cannot be used in the $filter query option."],
    ["$filter=createdDateTime ge '2026-01-01T00:00:00Z'", 'A binary operator with incompatible types was detected.'],
    ["$filter=severity eq 'grave'", "The string 'grave' is not a valid enumeration type constant."],
    ['$filter=severity eq', 'Syntax error'],
    ["$filter=(severity eq 'low'", 'Syntax error'],
    ['$orderby=colour', "Could not find a property named 'colour'"],
    ['$select=colour', "Could not find a property named 'colour'"],
    ['$expand=colour', "Could not find a property named 'colour'"],
    ['$search=x', "The query parameter '$search' is not supported."],
  ])('answers %s with 400', async (query, message) => {
    const { cloud, token } = await startConnected({ incidents: 1 });
    const { status, body } = await cloud.graph(token, `/security/incidents?${query}`);
    expect(status).toBe(400);
    expect(body.error.code).toBe('');
    expect(body.error.message).toContain(message);
    expect(body.error.innerError.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });

  test('hides late enum members from callers that do not prefer them', async () => {
    const { cloud, token } = await startConnected({ incidents: 0 });
    await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, {
      stories: ['oddments'],
      overrides: { status: 'awaitingAction' },
    });
    const plain = await cloud.graph(token, '/security/incidents?$expand=alerts');
    expect(plain.body.value[0].status).toBe('unknownFutureValue');
    expect(plain.body.value[0].alerts[0].serviceSource).toBe('unknownFutureValue');
    const full = await cloud.graph(token, '/security/incidents?$expand=alerts', {
      headers: { Prefer: 'include-unknown-enum-members' },
    });
    expect(full.body.value[0].status).toBe('awaitingAction');
    expect(full.body.value[0].alerts[0].serviceSource).toBe('microsoftSentinel');
  });
});

describe('one incident', () => {
  test('comes with its alerts when asked, and alone otherwise', async () => {
    const { cloud, token } = await startConnected({ incidents: 0 });
    const made = await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, {
      stories: ['phishingToRansomware'],
    });
    const [id] = made.body.ids;
    const plain = await cloud.graph(token, `/security/incidents/${id}`);
    expect(plain.body['@odata.context']).toBe(
      `${cloud.emulator.graphOrigin}/v1.0/$metadata#security/incidents/$entity`,
    );
    expect(plain.body).not.toHaveProperty('alerts');
    const expanded = await cloud.graph(token, `/security/incidents/${id}?$expand=alerts`);
    const alerts = await cloud.graph(token, `/security/incidents/${id}/alerts`);
    expect(expanded.body.alerts).toEqual(alerts.body.value);
    expect(expanded.body.alerts).toHaveLength(5);
    const listed = await cloud.graph(token, '/security/incidents?$expand=alerts');
    expect(listed.body['@odata.context']).toMatch(/#security\/incidents\(alerts\(\)\)$/);
    expect(listed.body.value[0].alerts).toEqual(alerts.body.value);
  });

  test('is not found in another tenant', async () => {
    const { cloud, token } = await startConnected({ incidents: 0 });
    await cloud.tenant(OTHER_TENANT);
    const made = await cloud.control('POST', `/tenants/${OTHER_TENANT}/incidents`, { count: 1 });
    expect((await cloud.graph(token, `/security/incidents/${made.body.ids[0]}`)).status).toBe(404);
  });

  test('points to the incident it was merged into, which has the alerts', async () => {
    const { cloud, token } = await startConnected({ incidents: 0 });
    const made = await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, {
      count: 2,
      stories: ['removedPhish'],
    });
    const [source, target] = made.body.ids;
    await cloud.control('PATCH', `/tenants/${CUSTOMER_TENANT}/incidents/${source}`, { mergeInto: target });
    const left = await cloud.graph(token, `/security/incidents/${source}?$expand=alerts`);
    expect(left.body).toMatchObject({ status: 'redirected', redirectIncidentId: target, alerts: [] });
    const kept = await cloud.graph(token, `/security/incidents/${target}?$expand=alerts`);
    expect(kept.body.alerts.map((alert: { incidentId: string }) => alert.incidentId)).toEqual([target, target]);
  });
});

describe('tokens at Graph', () => {
  test('choose the tenant, whatever else the call says', async () => {
    const { cloud, token } = await startConnected({ incidents: 3 });
    await cloud.tenant(OTHER_TENANT, { incidents: 3 });
    const { body } = await cloud.graph(token, `/security/incidents?tid=${OTHER_TENANT}`);
    expect(new Set((body.value as Incident[]).map((incident) => incident.tenantId))).toEqual(
      new Set([CUSTOMER_TENANT]),
    );
  });

  test('need the role, and the answer names what is missing', async () => {
    const { cloud, token } = await startConnected({}, { requiredRoles: ['SecurityAlert.Read.All'] });
    const { status, body } = await cloud.graph(token, '/security/incidents');
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      code: 'Forbidden',
      message:
        'Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, application roles: SecurityAlert.Read.All.',
    });
    expect((await cloud.graph(token, '/security/alerts_v2')).status).toBe(200);
  });

  test('are refused when they are for another resource, made by somebody else, expired, or not there', async () => {
    const { cloud, token } = await startConnected();
    const elsewhere = (await cloud.token(CUSTOMER_TENANT, { scope: 'https://api.security.microsoft.com/.default' }))
      .body.access_token;
    const forged = await new SignJWT(claimsOf(token))
      .setProtectedHeader({ alg: 'RS256' })
      .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    await cloud.control('PATCH', `/tenants/${CUSTOMER_TENANT}/scenario`, { tokenLifetimeSeconds: 0 });
    const expired = await cloud.accessToken(CUSTOMER_TENANT);
    const messages = [];
    for (const bad of [elsewhere, forged, expired, 'not-a-token']) {
      const { status, body, headers } = await cloud.graph(bad, '/security/incidents');
      expect(status).toBe(401);
      expect(body.error.code).toBe('InvalidAuthenticationToken');
      expect(headers.get('www-authenticate')).toContain('Bearer');
      messages.push(body.error.message);
    }
    expect(messages[0]).toBe('Access token validation failure. Invalid audience.');
    expect(messages[1]).toBe('Access token validation failure. Invalid signature.');
    expect(messages[2]).toBe('Access token has expired or is not yet valid.');
    expect((await fetch(`${cloud.emulator.graphOrigin}/v1.0/security/incidents`)).status).toBe(401);
  });

  test('of a tenant without Defender meet the documented 403', async () => {
    const { cloud, token } = await startConnected({ scenario: { noDefender: true } });
    const { status, body } = await cloud.graph(token, '/security/incidents');
    expect([status, body.error.message]).toEqual([403, 'Unauthorized request - Account is not provisioned.']);
  });

  test('are accepted with the audience as app id and with a slash', async () => {
    const { cloud } = await startConnected();
    for (const scope of ['00000003-0000-0000-c000-000000000000/.default', 'https://graph.microsoft.com//.default']) {
      const { body } = await cloud.token(CUSTOMER_TENANT, { scope });
      expect((await cloud.graph(body.access_token, '/security/incidents')).status).toBe(200);
    }
  });
});

describe('limits', () => {
  test('answer 429 with Retry-After, and see calls that come too early', async () => {
    const { cloud, token } = await startConnected({ scenario: { throttlePerMinute: 2 } });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push(await cloud.graph(token, '/security/incidents'));
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 429, 429]);
    expect(statuses[2]?.body.error.code).toBe('TooManyRequests');
    expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
    const { body } = await cloud.control('GET', `/calls?tenant=${CUSTOMER_TENANT}`);
    const graph = body.calls.filter((call: { service: string }) => call.service === 'graph');
    expect(graph.map((call: { early: boolean }) => call.early)).toEqual([false, false, false, true]);
    expect(graph[0]).toMatchObject({ method: 'GET', path: '/v1.0/security/incidents', appId: READER_APP, status: 200 });
  });

  test('fail the expanded list for good where the scenario says so, but not the plain one', async () => {
    const { cloud, token } = await startConnected({ incidents: 3, scenario: { expandFails: true } });
    expect((await cloud.graph(token, '/security/incidents?$expand=alerts')).status).toBe(500);
    const { body } = await cloud.graph(token, '/security/incidents');
    const [first] = body.value as Incident[];
    expect((await cloud.graph(token, `/security/incidents/${first?.id}?$expand=alerts`)).status).toBe(200);
  });

  test('hang while a tenant is frozen and answer when it thaws', async () => {
    const { cloud, token } = await startConnected({ incidents: 1, scenario: { frozen: 'hang' } });
    let answered = false;
    const call = cloud.graph(token, '/security/incidents').then((answer) => {
      answered = true;
      return answer;
    });
    const { body } = await cloud.control('GET', '/health');
    expect([body.status, answered]).toEqual(['ok', false]);
    await cloud.control('PATCH', `/tenants/${CUSTOMER_TENANT}/scenario`, { frozen: false });
    expect((await call).status).toBe(200);
  });
});

describe('times', () => {
  test('keep their digits through reading and writing', () => {
    for (const text of [
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.1Z',
      '2026-01-02T03:04:05.1234567Z',
      '1999-12-31T23:59:59.0000001Z',
    ]) {
      expect(formatTicks(ticks(text))).toBe(text);
    }
    expect(parseTicks('yesterday')).toBeNull();
  });

  test('are never the same for two changes of one incident', async () => {
    const cloud = await startCloud();
    await cloud.tenant(HOME_TENANT, { incidents: 3 });
    await cloud.control('POST', `/tenants/${HOME_TENANT}/changes`, { count: 200 });
    const { body } = await cloud.control('GET', `/ledger/${HOME_TENANT}`);
    const versions = body.versions as { id: string; lastUpdateDateTime: string }[];
    expect(versions.length).toBeGreaterThanOrEqual(200);
    expect(new Set(versions.map((line) => `${line.id} ${line.lastUpdateDateTime}`)).size).toBe(versions.length);
  });
});
