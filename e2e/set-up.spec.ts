import { expect, test } from './support/world.ts';

const LARS = { displayName: 'Lars Holm', userName: 'lars.holm@nordsikring.dk' };

test('the first administrator is whoever enters the code that the portal printed', async ({ world }) => {
  const page = await world.signIn(LARS);
  await expect(page.getByText('Nobody administrates this installation yet')).toBeVisible();
  await page.getByRole('link', { name: 'Set up Watchfold' }).click();
  await page.getByLabel('Your company').fill('Nordsikring A/S');
  await page.getByLabel('Phone number').fill('+45 70 20 30 40');

  await page.getByLabel('Set-up code').fill('AAAAA-BBBBB-CCCCC-DDDDD');
  await page.getByRole('button', { name: 'Become the administrator' }).click();
  await expect(page.getByText('This code is wrong or was used')).toBeVisible();
  await expect(page.getByLabel('Your company')).toHaveValue('Nordsikring A/S');

  await page.getByLabel('Set-up code').fill(world.stack.setUpCode.toLowerCase());
  await page.getByRole('button', { name: 'Become the administrator' }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();

  await page.goto('/set-up');
  await expect(page.getByText('This installation has an administrator already.')).toBeVisible();
  const rows = await world.query<{ result: string }>(
    `SELECT result FROM audit_event WHERE action = 'setup.claim' ORDER BY seq`,
  );
  expect(rows.map(({ result }) => result)).toEqual(['refused', 'ok']);
});
