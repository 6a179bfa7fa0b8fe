import { startDatabaseAgain } from './support/database-server.ts';
import { expect, test } from './support/world.ts';

test('while the database is away, health and pages say so, and all works again by itself', async ({ world }) => {
  // What React says of a page that the server could not make.
  world.expectComplaint(/Minified React error #441/);
  const tenant = await world.newTenant('Outage', { openIncidents: 2 });
  await world.connect(tenant);
  const page = await world.analystOf(tenant);
  await expect(page.getByRole('table')).toContainText(tenant.displayName);
  const { portalUrl, databasePid } = world.stack;
  const health = async () => (await page.request.get(`${portalUrl}/api/health`)).json();
  expect(await health()).toEqual({ status: 'ok', database: 'ok' });

  process.kill(databasePid, 'SIGINT');
  await expect.poll(health).toEqual({ status: 'ok', database: 'unreachable' });
  const ready = await page.request.get(`${portalUrl}/api/ready`);
  expect(ready.status()).toBe(503);
  expect(ready.headers()['retry-after']).toBeDefined();
  await page.goto('/incidents');
  await expect(page.getByText('database cannot be reached')).toBeVisible();
  const visitor = await world.open();
  await visitor.goto('/sign-in');
  await expect(visitor.getByRole('heading', { level: 1 })).toBeVisible();

  await startDatabaseAgain(world.stack);
  await expect.poll(health).toEqual({ status: 'ok', database: 'ok' });
  await page.goto('/incidents?status=open');
  await expect(page.getByRole('table')).toContainText(tenant.displayName);
  // The worker goes on too: something new arrives without anybody restarting anything.
  const [id] = await world.control.addIncidents(tenant.tid, { count: 1, overrides: { status: 'active' } });
  await expect(page.getByRole('button', { name: /Show 1 new/ })).toBeVisible({ timeout: 60_000 });
  expect(id).toBeDefined();
});
