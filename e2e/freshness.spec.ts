import { expect, test } from './support/world.ts';

test('a tenant that Microsoft stops answering for is named with age and cause within two polls, and no tick is shown', async ({
  world,
}) => {
  const healthy = await world.newTenant('Healthy');
  const frozen = await world.newTenant('Frozen');
  await world.connect(healthy);
  await world.connect(frozen);
  const page = await world.analystOf(healthy, frozen);
  const headline = page.getByTestId('freshness');
  const ticks = page.locator('main svg').filter({ has: page.locator('path[d="m3 8.5 3.2 3.3L13 4.5"]') });
  await expect(headline).toContainText('2 of 2 customers current');
  await expect(ticks).toHaveCount(1);

  await world.control.changeScenario(frozen.tid, { frozen: 'hang' });
  await expect(headline).toContainText('1 of 2 customers current');
  await expect(
    page.getByText(new RegExp(`${frozen.displayName} .*\\d.*: Microsoft does not answer`)).first(),
  ).toBeVisible();
  await expect(page.getByText(new RegExp(`${healthy.displayName} .*:`))).toHaveCount(0);
  await expect(ticks).toHaveCount(0);

  await world.control.changeScenario(frozen.tid, { frozen: false });
  await expect(headline).toContainText('2 of 2 customers current', { timeout: 60_000 });
});

test('while Microsoft can’t be reached, a customer turns late with that cause, and comes back by itself', async ({
  world,
}) => {
  const tenant = await world.newTenant('Unreachable', { openIncidents: 1 });
  await world.connect(tenant);
  const page = await world.analystOf(tenant);
  await expect(page.getByTestId('freshness')).toContainText('1 of 1 customer current');
  await world.control.addFault({ tenantId: tenant.tid, kind: 'reset-before-headers', probability: 1 });
  try {
    await expect(page.getByTestId('freshness')).toContainText('0 of 1 customer current');
    await expect(
      page.getByText(new RegExp(`${tenant.displayName} .*: Microsoft cannot be reached`)).first(),
    ).toBeVisible();
    await expect(page.getByRole('table')).toContainText(tenant.displayName);
  } finally {
    await world.control.clearFaults();
  }
  await expect(page.getByTestId('freshness')).toContainText('1 of 1 customer current', { timeout: 60_000 });
});

test('a new incident is announced without moving the rows, and comes in when asked for', async ({ world }) => {
  const tenant = await world.newTenant('Arrivals', { openIncidents: 4 });
  await world.connect(tenant);
  const page = await world.analystOf(tenant);
  const titles = page.getByRole('table').getByRole('row');
  await expect(titles.nth(1)).toBeVisible();
  const before = await titles.allInnerTexts();
  const [id] = await world.control.addIncidents(tenant.tid, {
    count: 1,
    overrides: { severity: 'high', status: 'active' },
  });
  const button = page.getByRole('button', { name: /Show 1 new/ });
  await expect(button).toBeVisible();
  expect((await titles.allInnerTexts()).length).toBe(before.length);
  await button.click();
  await expect(page.getByRole('table').getByText(`#${id}`)).toBeVisible();
});

test('a customer that withdraws its approval is shown as revoked, and its incidents are kept', async ({ world }) => {
  const tenant = await world.newTenant('Withdrawn', { openIncidents: 2 });
  const { manager } = await world.connect(tenant);
  const page = await world.analystOf(tenant);
  await expect(page.getByRole('table')).toContainText(tenant.displayName);
  const { readerAppId } = await world.partner();
  await world.control.revoke(tenant.tid, readerAppId);
  await expect(manager.getByText('Revoked').first()).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(page.getByText(new RegExp(`${tenant.displayName}.*: approval withdrawn`)).first()).toBeVisible();
  await expect(page.getByRole('table')).toContainText(tenant.displayName);

  // Approved anew, it comes back, and until then it is never left out of the count.
  await manager.getByRole('button', { name: 'Create a new link' }).click();
  await expect(manager.locator('#invitation-link')).toBeVisible();
  const admin = await world.approve(await manager.locator('#invitation-link').inputValue(), tenant);
  await expect(admin.getByRole('heading', { name: 'Connected' })).toBeVisible({ timeout: 30_000 });
  await expect(manager.getByText('Verified').first()).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('freshness')).toContainText('1 of 1 customer current', { timeout: 30_000 });
});
