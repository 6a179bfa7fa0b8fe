import { expect, test } from './support/world.ts';

test('from a consent link to an analyst’s queue', async ({ world }) => {
  const tenant = await world.newTenant('Fabrikam', { incidents: 12, openIncidents: 2 });

  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant, 'da');
  await expect(manager.getByText('Waiting for the customer to press Continue')).toBeVisible();

  const admin = await world.open('da-DK');
  await admin.goto(link);
  await expect(admin.locator('html')).toHaveAttribute('lang', 'da');
  await expect(admin.getByRole('heading', { level: 1 })).toContainText('Nordsikring');
  await admin.locator('form[action$="/continue"]').getByRole('button').click();
  await expect(manager.getByText('Waiting for their administrator')).toBeVisible();
  await world.chooseAccount(admin, tenant.globalAdmin);
  await expect(admin.getByText('SecurityIncident.Read.All')).toBeVisible();
  await admin.getByRole('button', { name: 'Accept' }).click();

  // Without reloading: the account manager's page hears of it.
  await expect(manager.getByText('Verified').first()).toBeVisible();
  await expect(manager.getByText('History is complete')).toBeVisible();
  await expect(admin.locator('html')).toHaveAttribute('lang', 'da');
  await expect(admin.locator('main')).toContainText(tenant.displayName);
  await expect(admin.getByRole('button', { name: /Udskriv|Print/ })).toBeVisible();

  const analyst = await world.newPerson('Jens Holm');
  const stranger = await world.newPerson('Sara Lind');
  const strangerPage = await world.signIn(stranger);
  const analystPage = await world.signIn(analyst);
  await expect(analystPage.getByText('may not see anything yet')).toBeVisible();

  const lars = await world.administrator();
  for (const [person, customers] of [
    [analyst, [tenant.displayName]],
    [stranger, []],
  ] as const) {
    await lars.goto('/people');
    await lars.getByRole('link', { name: person.displayName }).click();
    await lars.getByRole('checkbox', { name: /^Analyst/ }).check();
    for (const customer of customers) await lars.getByRole('checkbox', { name: customer }).check();
    await lars.getByRole('button', { name: 'Save' }).click();
    await expect(lars.getByText('Saved.')).toBeVisible();
  }

  await world.signIn(analyst, analystPage);
  await analystPage.waitForURL('**/incidents**');
  await expect(analystPage.getByTestId('freshness')).toContainText('1 of 1 customer current');
  const rows = analystPage.getByRole('table').getByRole('row').filter({ hasText: tenant.displayName });
  await expect(rows.first()).toBeVisible();

  const [withAlerts] = await world.query<{ id: string; title: string }>(
    `SELECT i.id, i.title FROM incident i JOIN tenant t ON t.id = i.tenant_id
     WHERE t.entra_tenant_id = $1 AND i.alert_count > 0 AND i.is_open ORDER BY i.alert_count DESC LIMIT 1`,
    [tenant.tid],
  );
  expect(withAlerts).toBeDefined();
  await rows
    .filter({ hasText: `#${withAlerts?.id}` })
    .getByRole('link')
    .first()
    .click();
  await expect(analystPage.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(analystPage.getByText(`#${withAlerts?.id}`).first()).toBeVisible();
  await expect(analystPage.getByRole('link', { name: /Open in Defender/ }).first()).toHaveAttribute(
    'href',
    new RegExp(`^https://security\\.microsoft\\.com/.*tid=${tenant.tid}`),
  );
  const incidentUrl = analystPage.url();
  expect((await world.auditOf(tenant, 'incident.read'))?.result).toBe('ok');

  // Somebody else's incident is as absent as one that never was.
  await world.signIn(stranger, strangerPage);
  await strangerPage.goto('/incidents');
  await expect(strangerPage.getByText(tenant.displayName)).toHaveCount(0);
  const foreign = await strangerPage.goto(incidentUrl);
  expect(foreign?.status()).toBe(404);
  const random = await strangerPage.goto(incidentUrl.replace(/[^/]+$/, '999999999'));
  expect(random?.status()).toBe(404);
  const customer = await strangerPage.goto(new URL(manager.url()).pathname);
  expect(customer?.status()).toBe(404);
});
