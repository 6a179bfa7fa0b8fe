import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../start.ts';
import {
  CloudUnderTest,
  CUSTOMER_TENANT,
  claimsOf,
  HOME_TENANT,
  OTHER_TENANT,
  READER_APP,
  SECRET,
  startCloud,
  startConnected,
} from '../testing/cloud-under-test.ts';
import { READER_APP_ID } from '../world/demo.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function statusWithHost(origin: string, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const call = request(`${origin}/state`, { headers: { host } }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  call.once('error', reject);
  call.end();
  return promise;
}

describe('the control API', () => {
  test('refuses foreign hosts and browsers', async () => {
    const cloud = await startCloud();
    const { controlOrigin } = cloud.emulator;
    expect(await statusWithHost(controlOrigin, 'emulator.attacker.example')).toBe(403);
    expect(await statusWithHost(controlOrigin, 'localhost:4082')).toBe(200);
    expect((await fetch(`${controlOrigin}/state`, { headers: { origin: controlOrigin } })).status).toBe(403);
  });

  test('never tells a secret', async () => {
    const cloud = await startCloud();
    await cloud.tenant(HOME_TENANT);
    await cloud.application();
    const { text, body } = await cloud.control('GET', '/state');
    expect(text).not.toContain(SECRET);
    expect(body.applications[0]).toMatchObject({ appId: READER_APP, secrets: [{ expires: null }] });
  });

  test('names what it does not understand', async () => {
    const cloud = await startCloud();
    await cloud.tenant(HOME_TENANT);
    const answers = [
      await cloud.control('PATCH', `/tenants/${HOME_TENANT}/scenario`, { throttle: 5 }),
      await cloud.control('PATCH', `/tenants/${HOME_TENANT}/scenario`, { latencyMs: 'slow' }),
      await cloud.control('POST', `/tenants/${HOME_TENANT}/incidents`, { stories: ['romance'] }),
      await cloud.control('POST', '/faults', { kind: 'earthquake' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400]);
    expect(answers[0]?.body.error).toContain('throttle');
    expect((await cloud.control('PATCH', `/tenants/${OTHER_TENANT}/scenario`, {})).status).toBe(404);
  });

  test('keeps every version in the ledger, with the digest of what Graph serves', async () => {
    const { cloud, token } = await startConnected({ incidents: 5 });
    const made = await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, { count: 1 });
    const [id] = made.body.ids;
    await cloud.control('PATCH', `/tenants/${CUSTOMER_TENANT}/incidents/${id}`, {
      severity: 'low',
      assignedTo: 'x@customer.example',
    });
    const { body } = await cloud.control('GET', `/ledger/${CUSTOMER_TENANT}`);
    const lines = body.versions.filter((line: { id: string }) => line.id === id);
    expect(lines).toHaveLength(2);
    const shown = await cloud.graph(token, `/security/incidents/${id}?$expand=alerts`, {
      headers: { prefer: 'include-unknown-enum-members' },
    });
    const { '@odata.context': _, ...record } = shown.body;
    expect(lines[1].sha256).toBe(createHash('sha256').update(JSON.stringify(record)).digest('hex'));
    expect(lines[1].lastUpdateDateTime).toBe(record.lastUpdateDateTime);
  });

  test('can hold a change back while Graph shows the version before', async () => {
    const { cloud, token } = await startConnected({ incidents: 3 });
    const made = await cloud.control('POST', `/tenants/${CUSTOMER_TENANT}/incidents`, {
      overrides: { severity: 'high' },
    });
    const [id] = made.body.ids;
    const path = `/tenants/${CUSTOMER_TENANT}/incidents/${id}`;
    await cloud.control('PATCH', path, { severity: 'low', visibleAfterSeconds: 3600 });
    expect((await cloud.graph(token, `/security/incidents/${id}`)).body.severity).toBe('high');
    // A later change knows of the one still on its way.
    await cloud.control('PATCH', path, { assignedTo: 'x@customer.example' });
    expect((await cloud.graph(token, `/security/incidents/${id}`)).body).toMatchObject({
      severity: 'low',
      assignedTo: 'x@customer.example',
    });
  });

  test('starts again from the seed, and the same seed tells the same stories', async () => {
    const cloud = await startCloud({ seed: 7 });
    const titles = async () => {
      await cloud.tenant(CUSTOMER_TENANT, { incidents: 30 });
      await cloud.tenant(HOME_TENANT);
      await cloud.application();
      await cloud.consent(CUSTOMER_TENANT);
      const { body } = await cloud.graph(
        await cloud.accessToken(CUSTOMER_TENANT),
        '/security/incidents?$select=displayName',
      );
      return body.value;
    };
    const first = await titles();
    await cloud.control('POST', '/reset', { world: 'empty', seed: 7 });
    expect((await cloud.control('GET', '/state')).body.tenants).toEqual([]);
    expect(await titles()).toEqual(first);
    await cloud.control('POST', '/reset', { world: 'empty', seed: 8 });
    expect(await titles()).not.toEqual(first);
  });
});

describe('live activity', () => {
  test('brings new incidents and changes at the rates of the tenant, and none at rate 0', async () => {
    const cloud = await startCloud();
    await cloud.tenant(HOME_TENANT, { incidents: 5 });
    await cloud.tenant(CUSTOMER_TENANT, { incidents: 5, activity: { newPerHour: 36_000, changesPerHour: 36_000 } });
    const versions = async (tid: string) => (await cloud.control('GET', `/ledger/${tid}`)).body.versions.length;
    await expect.poll(() => versions(CUSTOMER_TENANT), { timeout: 10_000 }).toBeGreaterThanOrEqual(25);
    expect(await versions(HOME_TENANT)).toBe(5);
  });
});

describe('a restart', () => {
  test('goes on with the same incidents, consents, tokens and keys', async () => {
    const dataFolder = temporaryFolder();
    const before = new CloudUnderTest(await startEmulator({ dataFolder }));
    await before.tenant(HOME_TENANT);
    await before.tenant(CUSTOMER_TENANT, { incidents: 10 });
    await before.application();
    await before.consent(CUSTOMER_TENANT);
    const token = await before.accessToken(CUSTOMER_TENANT);
    const incidents = (await before.graph(token, '/security/incidents?$expand=alerts')).body.value;
    const ledger = (await before.control('GET', `/ledger/${CUSTOMER_TENANT}`)).body;
    await before.emulator.close();
    const after = await startCloud({ dataFolder });
    expect((await after.graph(token, '/security/incidents?$expand=alerts')).body.value).toEqual(incidents);
    expect((await after.control('GET', `/ledger/${CUSTOMER_TENANT}`)).body).toEqual(ledger);
    expect(claimsOf(await after.accessToken(CUSTOMER_TENANT))['oid']).toBe(claimsOf(token)['oid']);
  });
});

describe('the demo world', () => {
  test('stands ready with fifteen customers and two applications without credentials', async () => {
    const cloud = await startCloud({ world: 'demo' });
    const { body } = await cloud.control('GET', '/state');
    expect(body.tenants).toHaveLength(16);
    expect(body.tenants.map((tenant: { incidents: number }) => tenant.incidents)).toContain(3000);
    expect(body.tenants.every((tenant: { story: string }) => tenant.story.length > 20)).toBe(true);
    expect(
      body.applications.map((app: { secrets: unknown[]; redirectUris: string[] }) => [app.secrets, app.redirectUris]),
    ).toEqual([
      [[], []],
      [[], []],
    ]);
    expect(body.applications.map((app: { appId: string }) => app.appId)).toContain(READER_APP_ID);
  });
});
