import { expect, test } from './support/world.ts';

const QUERIES = [
  'severity=nonsense',
  'status=open,,&severity=high',
  'customer=no-such-customer',
  'after=not-a-cursor',
  'after=eyJhIjoxfQ',
  'unknown=1',
  'severity=high&severity=low',
  `q=${'x'.repeat(10_000)}`,
  'after=%00',
  'customer=%F0%9F%90%91%27%3B--',
];

test('no query string makes the queue fail; what is not understood is shown and nothing runs', async ({ world }) => {
  const tenant = await world.newTenant('Queries', { openIncidents: 2 });
  await world.connect(tenant);
  const page = await world.analystOf(tenant);
  for (const query of QUERIES) {
    const response = await page.request.get(`/incidents?${query}`);
    expect(response.status(), query).toBeLessThan(500);
  }
  await page.goto('/incidents?nonsense=1');
  await expect(page.getByText('not understood').first()).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
});

test('ids that are none lead to a page that says so, with 404', async ({ world }) => {
  const tenant = await world.newTenant('Ids', { openIncidents: 1 });
  const { slug } = await world.connect(tenant);
  const page = await world.analystOf(tenant);
  for (const path of [
    `/incidents/${slug}/not-an-id`,
    `/incidents/${slug}/%00`,
    `/incidents/${slug}/${'9'.repeat(400)}`,
    `/incidents/%E0%A4%A/1`,
    `/incidents/..%2F..%2Fetc/1`,
    `/customers/${'x'.repeat(400)}`,
    '/customers/%27%20OR%201=1',
    '/people/not-an-id',
    '/no-such-page',
  ]) {
    const response = await page.request.get(path);
    expect([400, 404], `${path}: ${response.status()}`).toContain(response.status());
  }
});

test('an analyst has no door to other people’s work', async ({ world }) => {
  const page = await world.analystOf();
  for (const path of ['/people', '/audit', '/customers/new']) {
    const response = await page.request.get(path);
    expect(response.status(), path).toBe(404);
  }
});

test('forms and answers that come from elsewhere change nothing', async ({ world }) => {
  const tenant = await world.newTenant('Elsewhere Posts');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = new URL(await world.invite(manager, tenant));
  const stranger = await world.open();
  for (const origin of ['https://evil.example', 'null']) {
    const response = await stranger.request.post(`${link.pathname}/continue`, {
      headers: { origin },
      maxRedirects: 0,
    });
    expect(response.status()).toBe(303);
    expect(response.headers()['location']).toBe(link.pathname);
  }
  expect(await world.auditOf(tenant, 'consent.continue')).toBeUndefined();
  const signedOut = await stranger.request.get('/incidents', { maxRedirects: 0 });
  expect(signedOut.status()).toBe(307);
  expect(new URL(signedOut.headers()['location'] ?? '', world.stack.portalUrl).pathname).toBe('/sign-in');
});
