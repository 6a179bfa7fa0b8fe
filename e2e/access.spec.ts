import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from './support/world.ts';

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('every page passes axe in light and dark', async ({ world }) => {
  // Fourteen pages, twice.
  test.slow();
  const tenant = await world.newTenant('Axe', { openIncidents: 2 });
  const pending = await world.newTenant('Pending');
  const { manager, slug } = await world.connect(tenant);
  const link = await world.invite(manager, pending, 'da');
  const pendingPath = new URL(manager.url()).pathname;
  const analyst = await world.analystOf(tenant);
  await analyst.getByRole('table').getByRole('link').first().click();
  await expect(analyst.getByRole('link', { name: /Open in Defender/ }).first()).toBeVisible();
  const detail = new URL(analyst.url()).pathname;
  const lars = await world.administrator();
  await lars.goto('/people');
  await lars.getByRole('link', { name: 'Lars Holm' }).click();
  await expect(lars.getByRole('checkbox', { name: /^Administrator/ })).toBeChecked();
  const person = new URL(lars.url()).pathname;
  const stranger = await world.open();

  const visits: [Page, string][] = [
    [stranger, '/sign-in'],
    [stranger, link],
    [stranger, '/consent/nobodys-token'],
    [stranger, '/consent/result?outcome=other_browser'],
    [analyst, '/incidents?status=open'],
    [analyst, '/incidents?nonsense=1'],
    [analyst, detail],
    [manager, '/customers'],
    [manager, '/customers/new'],
    [manager, `/customers/${slug}`],
    [manager, pendingPath],
    [lars, '/people'],
    [lars, person],
    [lars, '/audit'],
  ];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [page, path] of visits) {
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      expect(await violationsOf(page), `${path} in ${colorScheme}`).toEqual([]);
    }
  }
});

test('a customer’s administrator needs no script to approve', async ({ world, browser }) => {
  const tenant = await world.newTenant('No Script');
  const { page: manager } = await world.newSignedIn('Mette Krogh', ['account_manager']);
  const link = await world.invite(manager, tenant);
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  const admin = await context.newPage();
  await admin.goto(link);
  await admin.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await world.chooseAccount(admin, tenant.globalAdmin);
  await admin.getByRole('button', { name: 'Accept' }).click();
  await expect(manager.getByText('Verified').first()).toBeVisible();
  await admin.goto(`${world.stack.portalUrl}/consent/result`);
  await expect(admin.getByRole('heading', { name: 'Connected' })).toBeVisible();
  await context.close();
});

for (const [locale, words] of [
  ['da', 'da-DK'],
  ['zh-CN', 'zh-CN'],
] as const) {
  test(`the invitation and the queue fit a phone without sideways scrolling in ${locale}`, async ({ world }) => {
    const tenant = await world.newTenant('Phone', { openIncidents: 3 });
    const other = await world.newTenant('Phone Pending');
    const { manager } = await world.connect(tenant);
    const link = await world.invite(manager, other, locale);
    const analyst = await world.analystOf(tenant);
    const phone = { width: 390, height: 844 };
    const visitor = await world.open(words);
    for (const [page, path] of [
      [visitor, link],
      [analyst, `/incidents?status=open&lang=${locale}`],
    ] as const) {
      await page.setViewportSize(phone);
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
  });
}
