/**
 * What a journey needs of the world: people of the partner, customers' tenants at the emulator, browsers for each, and a
 * look at what was written. Every journey makes its own and shares none.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import pg from 'pg';
import { type EmulatedPartner, emulatedPartner } from '../../scripts/emulated-partner.ts';
import { controlOf, type EmulatedUser, type EmulatorControl } from '../../scripts/emulator-control.ts';
import type { JourneyPlace } from '../../scripts/journeys.ts';
import { runningStack } from './running-stack.ts';

export type Role = 'analyst' | 'account_manager' | 'administrator' | 'auditor';

export interface Person {
  displayName: string;
  userName: string;
}

export interface CustomerTenant {
  tid: string;
  domain: string;
  displayName: string;
  globalAdmin: string;
  helpdesk: string;
}

const BODY_BYTES_SCANNED_MAX = 4_000_000;
/** What a browser says of an answer it was meant to get: statuses are asserted where they matter. */
const EXPECTED_CONSOLE = /^Failed to load resource/;

const shortId = () => randomBytes(4).toString('hex');

export class World {
  readonly stack: JourneyPlace;
  readonly control: EmulatorControl;
  readonly #browser: Browser;
  readonly #pages: Page[] = [];
  readonly #complaints: string[] = [];
  readonly #expected: RegExp[] = [EXPECTED_CONSOLE];

  constructor(browser: Browser) {
    this.#browser = browser;
    this.stack = runningStack();
    this.control = controlOf(this.stack.controlOrigin);
  }

  /** A browser of its own, in that language; nothing in it is shared with others. */
  async open(locale = 'en-GB'): Promise<Page> {
    const context = await this.#browser.newContext({
      locale,
      timezoneId: 'Europe/Copenhagen',
      viewport: { width: 1280, height: 900 },
      baseURL: this.stack.portalUrl,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complain(message.text());
    });
    page.on('pageerror', (error) => this.#complain(error.message));
    page.on('response', (response) => void this.#scan(response.url(), () => response.body()));
    this.#pages.push(page);
    return page;
  }

  #complain(text: string): void {
    if (!this.#expected.some((pattern) => pattern.test(text))) this.#complaints.push(text);
  }

  /** A complaint that this journey brings about on purpose. */
  expectComplaint(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  // Every body that reaches a browser is looked through for what must never leave the server.
  async #scan(url: string, body: () => Promise<Buffer>): Promise<void> {
    if (!url.startsWith(this.stack.portalUrl)) return;
    const bytes = await body().catch(() => Buffer.alloc(0));
    if (bytes.length > BODY_BYTES_SCANNED_MAX) return;
    const text = bytes.toString('latin1');
    for (const secret of this.stack.secrets) {
      if (text.includes(secret)) this.#complaints.push(`A planted secret is in the body of ${new URL(url).pathname}`);
    }
  }

  /** The provider that runs the product: its tenant and its two registrations. */
  partner(): Promise<EmulatedPartner> {
    return emulatedPartner(this.control);
  }

  /** Somebody new in the partner's Entra tenant, who has never signed in. */
  async newPerson(name: string): Promise<Person> {
    const partner = await this.partner();
    const displayName = `${name} ${shortId()}`;
    const userName = `${displayName.toLowerCase().replaceAll(' ', '.')}@nordsikring.dk`;
    const present = partner.users.map((user) => ({
      userPrincipalName: user.userPrincipalName,
      displayName: user.displayName,
    }));
    const users = [...present, { userPrincipalName: userName, displayName }];
    await this.control.putTenant(partner.tenantId, { users });
    return { displayName, userName };
  }

  /** Signs a person in through the emulated Microsoft; answers their page. */
  async signIn(person: Person, page?: Page): Promise<Page> {
    const signedIn = page ?? (await this.open());
    await signedIn.goto('/sign-in');
    await signedIn.getByRole('button', { name: 'Sign in with Microsoft' }).click();
    await signedIn.getByLabel(person.userName).check();
    await signedIn.getByRole('button', { name: 'Next' }).click();
    await signedIn.waitForURL(`${this.stack.portalUrl}/**`);
    return signedIn;
  }

  /** A signed-in person with these roles, written straight to the database: giving roles has a journey of its own. */
  async newSignedIn(name: string, roles: Role[]): Promise<{ person: Person; page: Page }> {
    const person = await this.newPerson(name);
    const page = await this.signIn(person);
    for (const role of roles) {
      await this.query(
        'INSERT INTO user_role (user_id, role) SELECT id, $2 FROM app_user WHERE user_name = $1 ON CONFLICT DO NOTHING',
        [person.userName, role],
      );
    }
    return { person, page };
  }

  /** The first administrator, signed in. */
  async administrator(): Promise<Page> {
    return this.signIn({ displayName: 'Lars Holm', userName: 'lars.holm@nordsikring.dk' });
  }

  /** A company with an Entra tenant that the partner does not serve yet. */
  async newTenant(
    name: string,
    options: { incidents?: number; openIncidents?: number; scenario?: object } = {},
  ): Promise<CustomerTenant> {
    const id = shortId();
    const domain = `${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${id}.example`;
    const user = (local: string, roles: string[]): EmulatedUser => ({
      userPrincipalName: `${local}@${domain}`,
      displayName: local,
      roles,
    });
    const tenant = { tid: randomUUID(), domain, displayName: `${name} ${id}` };
    await this.control.putTenant(tenant.tid, {
      displayName: tenant.displayName,
      domain,
      users: [user('global.admin', ['Global Administrator']), user('helpdesk', [])],
      incidents: options.incidents ?? 3,
      // Journeys poll every two seconds, far more than a customer's tenant would see.
      scenario: { throttlePerMinute: 10_000, ...options.scenario },
    });
    const { openIncidents = 0 } = options;
    if (openIncidents > 0) {
      const wish = { count: openIncidents, stories: ['phishingToRansomware'], overrides: { status: 'active' } };
      await this.control.addIncidents(tenant.tid, wish);
    }
    return { ...tenant, globalAdmin: `global.admin@${domain}`, helpdesk: `helpdesk@${domain}` };
  }

  /** The account manager adds the customer by its domain and copies the link. */
  async invite(manager: Page, tenant: CustomerTenant, locale = 'en'): Promise<string> {
    await manager.goto('/customers/new');
    await manager.getByLabel('Domain or tenant id').fill(tenant.domain);
    await manager.getByLabel('Name', { exact: true }).fill(tenant.displayName);
    await manager.locator('#locale').selectOption(locale);
    await manager.getByRole('button', { name: 'Create invitation' }).click();
    await expect(manager.getByRole('heading', { name: tenant.displayName })).toBeVisible();
    return manager.locator('#invitation-link').inputValue();
  }

  /** At the emulated Microsoft: choose the account and go on. */
  async chooseAccount(page: Page, userName: string): Promise<void> {
    await page.getByLabel(userName).check();
    await page.getByRole('button', { name: 'Next' }).click();
  }

  /** The customer's administrator opens the link, continues to Microsoft and approves. */
  async approve(link: string, tenant: CustomerTenant): Promise<Page> {
    const admin = await this.open();
    await admin.goto(link);
    await admin.getByRole('button', { name: 'Continue to Microsoft' }).click();
    await this.chooseAccount(admin, tenant.globalAdmin);
    await admin.getByRole('button', { name: 'Accept' }).click();
    await admin.waitForURL('**/consent/result');
    return admin;
  }

  /** A customer brought in the real way and verified; `page` is the account manager's, on the customer's page. */
  async connect(tenant: CustomerTenant): Promise<{ manager: Page; slug: string }> {
    const { page: manager } = await this.newSignedIn('Mette Krogh', ['account_manager']);
    const link = await this.invite(manager, tenant);
    await this.approve(link, tenant);
    await expect(manager.getByText('Verified').first()).toBeVisible();
    return { manager, slug: new URL(manager.url()).pathname.split('/').at(-1) ?? '' };
  }

  /** An analyst with these customers assigned, signed in and on the start page. */
  async analystOf(...tenants: CustomerTenant[]): Promise<Page> {
    const { person, page } = await this.newSignedIn('Jens Holm', ['analyst']);
    for (const { tid } of tenants) {
      await this.query(
        `INSERT INTO customer_assignment (user_id, customer_id)
         SELECT u.id, t.customer_id FROM app_user u, tenant t WHERE u.user_name = $1 AND t.entra_tenant_id = $2`,
        [person.userName, tid],
      );
    }
    await page.goto('/');
    return page;
  }

  /** Runs with the reading application's secret changed at Microsoft, and puts the sealed one back. */
  async withReaderSecret(value: string, run: () => Promise<void>): Promise<void> {
    const { readerAppId } = await this.partner();
    const { readerSecret } = this.stack;
    await this.control.putApplication(readerAppId, { secrets: [{ value }] });
    try {
      await run();
    } finally {
      await this.control.putApplication(readerAppId, { secrets: [{ value: readerSecret }] });
    }
  }

  /** Rows as a superuser sees them. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const address = new URL(this.stack.adminUrl);
    address.pathname = '/watchfold';
    const client = new pg.Client({ connectionString: address.toString() });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** The newest audit row of an action that concerns this tenant. */
  async auditOf(
    tenant: CustomerTenant,
    action: string,
  ): Promise<{ result: string; reason: string | null } | undefined> {
    const [row] = await this.query<{ result: string; reason: string | null }>(
      `SELECT a.result, a.reason FROM audit_event a JOIN tenant t ON t.id = a.tenant_id
       WHERE t.entra_tenant_id = $1 AND a.action = $2 ORDER BY a.seq DESC LIMIT 1`,
      [tenant.tid, action],
    );
    return row;
  }

  async close(): Promise<string[]> {
    for (const page of this.#pages) await page.context().close();
    return this.#complaints;
  }
}

/** Playwright's test with a world; a complaint in any browser's console, or a secret in any body, fails it. */
export const test = base.extend<{ world: World }>({
  world: async ({ browser }, use) => {
    const world = new World(browser);
    await use(world);
    expect(await world.close(), 'complaints in the browsers').toEqual([]);
  },
});

export { expect, type Page };
