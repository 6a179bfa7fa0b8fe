import { describe, expect, test } from 'vitest';
import { CUSTOMER_TENANT, OTHER_TENANT, startConnected } from '../testing/cloud-under-test.ts';

async function startFaulty(rule: Record<string, unknown>) {
  const { cloud, token } = await startConnected({ incidents: 60 });
  const { status } = await cloud.control('POST', '/faults', { pathPattern: '/security/', seed: 3, ...rule });
  expect(status).toBe(200);
  const list = () =>
    fetch(`${cloud.emulator.graphOrigin}/v1.0/security/incidents`, { headers: { authorization: `Bearer ${token}` } });
  return { cloud, list };
}

describe('faults', () => {
  test.each([
    ['status-429', 'http-date', 429, /GMT$/],
    ['status-429', 'absurd', 429, /^3600$/],
    ['status-503', 17, 503, /^17$/],
    ['status-500', 'none', 500, /^null$/],
  ])('%s answers with Retry-After %s', async (kind, retryAfter, status, header) => {
    const { list } = await startFaulty({ kind, retryAfter });
    const response = await list();
    expect(response.status).toBe(status);
    expect(String(response.headers.get('retry-after'))).toMatch(header);
  });

  test('mark calls that come before an announced wait is over', async () => {
    const { cloud, list } = await startFaulty({ kind: 'status-429', retryAfter: 60, remaining: 1 });
    expect([(await list()).status, (await list()).status]).toEqual([429, 200]);
    const { body } = await cloud.control('GET', `/calls?tenant=${CUSTOMER_TENANT}`);
    expect(body.calls.slice(-2).map((call: { early: boolean; fault: string }) => [call.early, call.fault])).toEqual([
      [false, 'status-429'],
      [true, null],
    ]);
  });

  test.each(['reset-before-headers', 'reset-mid-body', 'wrong-content-length'])(
    '%s breaks the connection',
    async (kind) => {
      const { list } = await startFaulty({ kind });
      await expect(list().then((response) => response.text())).rejects.toThrow();
    },
  );

  test('stall never answers', async () => {
    const { cloud, list } = await startFaulty({ kind: 'stall' });
    let settled = false;
    const call = list().finally(() => {
      settled = true;
    });
    // The answer to another call on the same server shows that the stalled one had its turn.
    expect((await cloud.token(CUSTOMER_TENANT)).status).toBe(200);
    expect(settled).toBe(false);
    await Promise.all([cloud.emulator.close(), expect(call).rejects.toThrow()]);
  });

  test('truncated and foreign bodies do not parse', async () => {
    for (const kind of ['truncated-json', 'html-body']) {
      const { list } = await startFaulty({ kind });
      const response = await list();
      expect(response.status).toBe(200);
      await expect(response.json()).rejects.toThrow();
    }
  });

  test('partial-206 leaves out rows and warns', async () => {
    const { list } = await startFaulty({ kind: 'partial-206' });
    const response = await list();
    expect([response.status, response.headers.get('warning')]).toEqual([206, '199 - "Microsoft/Defender/504/10000"']);
    expect(((await response.json()) as { value: unknown[] }).value).toHaveLength(25);
  });

  test('next links can loop, lead away, or follow an empty page', async () => {
    const links: Record<string, RegExp> = {
      'next-link-loop': /incidents$/,
      'next-link-foreign': /^http:\/\/graph\.attacker\.example/,
      'empty-page': /incidents$/,
    };
    for (const [kind, link] of Object.entries(links)) {
      const { list } = await startFaulty({ kind });
      const body = (await (await list()).json()) as { value: unknown[]; '@odata.nextLink': string };
      expect(body['@odata.nextLink']).toMatch(link);
      expect(body.value).toHaveLength(kind === 'empty-page' ? 0 : 50);
    }
  });

  test('strike only their tenant, their path and as often as they may', async () => {
    const { cloud, list } = await startFaulty({ kind: 'status-500', tenantId: OTHER_TENANT });
    expect((await list()).status).toBe(200);
    await cloud.control('POST', '/faults', { kind: 'status-500', tenantId: CUSTOMER_TENANT, remaining: 1 });
    expect([(await list()).status, (await list()).status]).toEqual([500, 200]);
    await cloud.control('POST', '/faults', { kind: 'status-502' });
    expect((await cloud.token(CUSTOMER_TENANT)).status).toBe(502);
    await cloud.control('DELETE', '/faults');
    expect((await list()).status).toBe(200);
  });

  test('roll the same dice for the same seed', async () => {
    const strikes = async () => {
      const { list } = await startFaulty({ kind: 'status-500', probability: 0.5, seed: 11 });
      const statuses = [];
      for (let call = 0; call < 12; call += 1) statuses.push((await list()).status);
      return statuses;
    };
    const first = await strikes();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await strikes()).toEqual(first);
  });
});
