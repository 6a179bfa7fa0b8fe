import { expect, test } from './support/world.ts';

test('a customer who cancels at Microsoft is told that nothing was granted, and the link stays good', async ({
  world,
}) => {
  const tenant = await world.newTenant('Cancel');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const admin = await world.open();
  await admin.goto(link);
  await admin.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await world.chooseAccount(admin, tenant.globalAdmin);
  await admin.getByRole('button', { name: 'Cancel' }).click();
  await expect(admin.getByRole('heading', { name: 'Cancelled at Microsoft' })).toBeVisible();
  await expect(admin.getByText('Nothing was granted')).toBeVisible();
  await expect(manager.getByText('Cancelled at Microsoft. Nothing was granted.')).toBeVisible();
  expect(await world.auditOf(tenant, 'consent.return')).toEqual({ result: 'refused', reason: 'cancelled:65004' });
  await admin.goto(link);
  await expect(admin.getByRole('button', { name: 'Continue to Microsoft' })).toBeVisible();
});

test('somebody who is no administrator is told so before Microsoft, and Microsoft never sends them back', async ({
  world,
}) => {
  const tenant = await world.newTenant('Helpdesk');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const clerk = await world.open();
  await clerk.goto(link);
  await expect(clerk.getByText('You must be Global Administrator or Privileged Role Administrator.')).toBeVisible();
  await clerk.getByText('Not you? Copy a text for your administrator').click();
  await expect(clerk.getByText(link.split('?')[0] ?? link)).toBeVisible();
  await clerk.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await world.chooseAccount(clerk, tenant.helpdesk);
  await expect(clerk.getByText('Need admin approval')).toBeVisible();
  expect(new URL(clerk.url()).origin).toBe(world.stack.loginOrigin);
  await expect(manager.getByText('Waiting for their administrator')).toBeVisible();
  expect(await world.auditOf(tenant, 'consent.continue')).toEqual({ result: 'ok', reason: null });
});

test('an expired link says so and whom to ask', async ({ world }) => {
  const tenant = await world.newTenant('Expired');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  await world.query(
    `UPDATE invitation i SET expires_at = clock_timestamp() - interval '1 second' FROM tenant t
     WHERE t.id = i.tenant_id AND t.entra_tenant_id = $1`,
    [tenant.tid],
  );
  const admin = await world.open();
  await admin.goto(link);
  await expect(admin.getByRole('heading', { name: 'This link ended' })).toBeVisible();
  await expect(admin.getByText(/Nothing was granted with it\. Ask Mette Krogh/)).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Continue to Microsoft' })).toHaveCount(0);
  expect(await world.auditOf(tenant, 'invitation.create')).toEqual({ result: 'ok', reason: null });
});

test('a link that led to an approval is used up, and a return that is replayed counts once', async ({ world }) => {
  const tenant = await world.newTenant('Replay');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const admin = await world.open();
  const returns: string[] = [];
  admin.on('request', (request) => {
    if (request.url().includes('/api/consent/callback')) returns.push(request.url());
  });
  await admin.goto(link);
  await admin.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await world.chooseAccount(admin, tenant.globalAdmin);
  await admin.getByRole('button', { name: 'Accept' }).click();
  await expect(admin.getByRole('heading', { name: 'Connected' })).toBeVisible();

  const other = await world.open();
  await other.goto(link);
  await expect(other.getByRole('heading', { name: 'This link was used' })).toBeVisible();
  await other.goto(returns[0] ?? 'about:blank');
  await expect(other.getByRole('heading', { name: 'This answer was used already' })).toBeVisible();
  expect(await world.auditOf(tenant, 'consent.return')).toEqual({ result: 'refused', reason: 'replayed' });
});

test('a return that names another customer’s tenant connects neither', async ({ world }) => {
  const tenant = await world.newTenant('Victim');
  const other = await world.newTenant('Other');
  await world.connect(other);
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const attacker = await world.open();
  await attacker.goto(link);
  const [toMicrosoft] = await Promise.all([
    attacker.waitForRequest((request) => request.url().includes('/adminconsent')),
    attacker.getByRole('button', { name: 'Continue to Microsoft' }).click(),
  ]);
  const state = new URL(toMicrosoft.url()).searchParams.get('state') ?? '';
  await attacker.goto(
    `/api/consent/callback?admin_consent=True&tenant=${other.tid}&state=${encodeURIComponent(state)}`,
  );
  await expect(attacker.getByRole('heading', { name: 'Another organisation was approved' })).toBeVisible();
  await expect(manager.getByText('approved in another organisation than this customer')).toBeVisible();
  expect(await world.auditOf(tenant, 'consent.return')).toEqual({ result: 'refused', reason: 'wrong_tenant' });
  const states = await world.query<{ state: string }>(
    `SELECT c.state FROM connection c JOIN tenant t ON t.id = c.tenant_id WHERE t.entra_tenant_id = $1`,
    [tenant.tid],
  );
  expect(states).toEqual([{ state: 'invited' }]);
});

test('an approval that comes back in another browser is not believed, and verified all the same', async ({ world }) => {
  const tenant = await world.newTenant('Elsewhere');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const admin = await world.open();
  await admin.goto(link);
  await admin.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await world.chooseAccount(admin, tenant.globalAdmin);
  await admin.context().clearCookies();
  await admin.getByRole('button', { name: 'Accept' }).click();
  await expect(admin.getByRole('heading', { name: 'The approval came back in another browser' })).toBeVisible();
  await expect(admin.getByText(tenant.displayName)).toHaveCount(0);
  expect(await world.auditOf(tenant, 'consent.return')).toEqual({ result: 'refused', reason: 'other_browser' });
  await expect(manager.getByText('Verified').first()).toBeVisible();
});

test('a state that was never ours changes nothing', async ({ world }) => {
  const stranger = await world.open();
  await stranger.goto('/api/consent/callback?admin_consent=True&tenant=x&state=forged');
  await expect(stranger.getByRole('heading', { name: 'This page does not know you' })).toBeVisible();
});

test('permissions that Microsoft distributes late are waited for, and then verified', async ({ world }) => {
  const tenant = await world.newTenant('Slow Roles', {
    scenario: { replicationDelaySeconds: 2, rolesDelaySeconds: 3 },
  });
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const admin = await world.approve(await world.invite(manager, tenant), tenant);
  await expect(admin.getByText('Microsoft is distributing your approval')).toBeVisible();
  await expect(manager.getByText(/is (still )?distributing/)).toBeVisible();
  await expect(manager.getByText('Verified').first()).toBeVisible({ timeout: 30_000 });
  await expect(admin.getByRole('heading', { name: 'Connected' })).toBeVisible();
  expect(await world.auditOf(tenant, 'connection.prove')).toMatchObject({ result: 'ok' });
});

test('half of the permissions makes a degraded connection that says which is missing', async ({ world }) => {
  const tenant = await world.newTenant('Half', { scenario: { grantOnly: ['SecurityIncident.Read.All'] } });
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const admin = await world.approve(link, tenant);
  await expect(manager.getByText('Degraded').first()).toBeVisible({ timeout: 30_000 });
  await expect(manager.getByText(/SecurityAlert\.Read\.All is missing/).first()).toBeVisible();
  await expect(admin.getByRole('heading', { name: 'Connected in part' })).toBeVisible();
  expect((await world.auditOf(tenant, 'connection.prove'))?.reason).toContain('ROLE_MISSING');

  // The rest can still be approved, by the same link.
  await world.control.changeScenario(tenant.tid, { grantOnly: null });
  const again = await world.approve(link, tenant);
  await expect(again.getByRole('heading', { name: 'Connected', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(manager.getByText('Verified').first()).toBeVisible();
});

test('a domain that nobody has is refused in words and in the audit log', async ({ world }) => {
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  await manager.goto('/customers/new');
  await manager.getByLabel('Domain or tenant id').fill('nobody-has-this.example');
  await manager.getByRole('button', { name: 'Create invitation' }).click();
  await expect(manager.getByText('No organisation is called nobody-has-this.example')).toBeVisible();
  await expect(manager.getByLabel('Domain or tenant id')).toHaveValue('nobody-has-this.example');
  const rows = await world.query(
    `SELECT result, reason FROM audit_event WHERE action = 'customer.add' AND target = 'nobody-has-this.example'`,
  );
  expect(rows.at(-1)).toEqual({ result: 'refused', reason: '90002' });
});

test('a wrong client secret is the partner’s fault, and everybody is told who must act', async ({ world }) => {
  const tenant = await world.newTenant('Wrong Secret');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  await world.withReaderSecret('another-secret-than-the-sealed-one', async () => {
    const admin = await world.approve(link, tenant);
    await expect(manager.getByText("Microsoft rejected Watchfold's secret").first()).toBeVisible();
    await expect(manager.getByText('7000215').first()).toBeVisible();
    await expect(admin.getByText(/A fault on .* side/)).toBeVisible();
    expect((await world.auditOf(tenant, 'connection.prove'))?.reason).toContain('7000215');
  });
  await manager.getByRole('button', { name: 'Check now' }).click();
  await expect(manager.getByText('Verified').first()).toBeVisible({ timeout: 30_000 });
});
