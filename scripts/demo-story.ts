/**
 * What happens before the demo is shown, done through the product's own pages: the first administrator sets up, people
 * get their roles, customers are invited and approve. Every step looks first whether it is done, so that a run that was
 * broken off continues.
 */
import type { EmulatedTenant } from './emulator-control.ts';
import type { Stack } from './stack.ts';
import { type Page, Visitor } from './visitor.ts';

export const PARTNER_NAME = 'Nordsikring A/S';
const PARTNER_PHONE = '+45 70 20 30 40';
const SET_UP_CODE = /enter this code: ([A-Z0-9-]+)/;

/** Never approves, to show what waiting looks like. */
export const LEFT_INVITED = 'litware-advokater.dk';
/** Approves, and takes it back later. */
export const REVOKED_LATER = 'northwind-foedevarer.dk';

const LANGUAGES: Record<string, string> = { dk: 'da', es: 'es', fr: 'fr', cn: 'zh-CN' };
export const languageOf = (domain: string): string => LANGUAGES[domain.split('.').at(-1) ?? ''] ?? 'en';

const ROLES: Record<string, string[]> = {
  'Lars Holm': ['administrator'],
  'Mette Krogh': ['account_manager'],
  'Jens Holm': ['analyst'],
  'Sara Lind': ['analyst'],
  'Anna Berg': ['auditor'],
};
/** Of the customers in order, those that Sara watches; Jens watches them all one by one. */
const SARA_WATCHES = 4;

export interface CustomerLine {
  name: string;
  connection: string;
  nextStep: string;
}

/** A person who has come through the emulated sign-in, in a browser of their own. */
async function signIn(stack: Stack, userName: string): Promise<Visitor> {
  const visitor = new Visitor();
  const start = await visitor.open(`${stack.portalUrl}/sign-in`);
  const account = await start.submitTo('/sign-in/start');
  const landed = await account.submit('username', { username: userName });
  if (landed.url.origin !== stack.portalUrl || landed.url.pathname === '/sign-in') {
    throw new Error(`${userName} could not sign in; the page says: ${landed.text.slice(0, 300)}`);
  }
  return visitor;
}

function userNameOf(stack: Stack, displayName: string): string {
  const user = stack.partner.users.find((candidate) => candidate.displayName === displayName);
  if (!user) throw new Error(`The emulator has no ${displayName}`);
  return user.userPrincipalName;
}

function expectPage(page: Page, path: RegExp, what: string): Page {
  if (page.status === 200 && path.test(page.url.pathname)) return page;
  const alert = page.root.querySelector('[role="alert"]')?.textContent ?? page.text;
  throw new Error(`${what}: ${page.url.pathname} (${page.status}) says: ${alert.slice(0, 300)}`);
}

async function setUp(stack: Stack, say: (line: string) => void): Promise<void> {
  const administrator = await signIn(stack, userNameOf(stack, 'Lars Holm'));
  const people = await administrator.open(`${stack.portalUrl}/people`);
  if (people.status === 200 && people.url.pathname === '/people') return;
  say('Lars Holm signs in and enters the set-up code …');
  const [, code = ''] = await stack.parts.portal.waitFor(SET_UP_CODE, 20_000);
  const form = await administrator.open(`${stack.portalUrl}/set-up`);
  const done = await form.submit('code', { code, partnerName: PARTNER_NAME, partnerPhone: PARTNER_PHONE });
  expectPage(done, /^\/people/, 'Set-up');
}

interface Access {
  roles: string[];
  customerIds?: string[];
}

async function giveAccess(stack: Stack, administrator: Visitor, displayName: string, access: Access): Promise<void> {
  const people = expectPage(await administrator.open(`${stack.portalUrl}/people`), /^\/people/, 'People');
  const link = people.root.querySelectorAll('a').find((anchor) => anchor.textContent.trim() === displayName);
  const address = link?.getAttribute('href');
  if (!address) throw new Error(`${displayName} is not among the people`);
  const person = expectPage(await administrator.open(new URL(address, people.url)), /^\/people\//, displayName);
  const chosen = { 'roles[]': access.roles, ...(access.customerIds ? { 'customers[]': access.customerIds } : {}) };
  expectPage(await person.submit('roles[]', chosen), /^\/people/, `Access of ${displayName}`);
}

async function givePeopleRoles(stack: Stack, say: (line: string) => void): Promise<void> {
  const others = Object.keys(ROLES).filter((name) => name !== 'Lars Holm');
  say(`${others.join(', ')} sign in once and get their roles …`);
  // The portal knows a person from the first sign-in on.
  for (const name of others) await signIn(stack, userNameOf(stack, name));
  const administrator = await signIn(stack, userNameOf(stack, 'Lars Holm'));
  for (const name of others) await giveAccess(stack, administrator, name, { roles: ROLES[name] ?? [] });
}

/** The customers' table as the account manager reads it. */
export async function readCustomers(stack: Stack, manager: Visitor): Promise<CustomerLine[]> {
  const page = expectPage(await manager.open(`${stack.portalUrl}/customers`), /^\/customers$/, 'Customers');
  return page.root.querySelectorAll('tbody tr').map((row) => {
    const [name, connection, nextStep] = row.querySelectorAll('td, th').map((cell) => cell);
    return {
      name: name?.querySelector('a')?.textContent.trim() ?? '',
      connection: connection?.textContent.trim() ?? '',
      nextStep: nextStep?.textContent.trim() ?? '',
    };
  });
}

async function customerPages(stack: Stack, manager: Visitor): Promise<Map<string, URL>> {
  const page = expectPage(await manager.open(`${stack.portalUrl}/customers`), /^\/customers$/, 'Customers');
  const links = page.root.querySelectorAll('tbody a[href^="/customers/"]');
  return new Map(links.map((link) => [link.textContent.trim(), new URL(link.getAttribute('href') ?? '', page.url)]));
}

async function addCustomer(stack: Stack, manager: Visitor, tenant: EmulatedTenant): Promise<Page> {
  const form = await manager.open(`${stack.portalUrl}/customers/new`);
  const added = await form.submit('domainOrTenantId', {
    domainOrTenantId: tenant.domain,
    displayName: tenant.displayName,
    locale: languageOf(tenant.domain),
  });
  return expectPage(added, /^\/customers\/(?!new)/, `Adding ${tenant.displayName}`);
}

/** The customer's administrator opens the link, reads, continues to Microsoft, approves and comes back. */
async function approve(stack: Stack, tenant: EmulatedTenant, link: string): Promise<void> {
  const admin = new Visitor(languageOf(tenant.domain));
  const invitation = await admin.open(link);
  const account = await invitation.submitTo(`${new URL(link).pathname}/continue`);
  const consent = await account.submit('username', { username: `global.admin@${tenant.domain}` });
  const result = await consent.submit('decision', {}, 'accept');
  if (result.url.origin !== stack.portalUrl || result.status !== 200) {
    throw new Error(
      `${tenant.displayName} did not come back: ${result.url.pathname} says ${result.text.slice(0, 300)}`,
    );
  }
}

async function bringInCustomers(stack: Stack, tenants: EmulatedTenant[], say: (line: string) => void): Promise<void> {
  const manager = await signIn(stack, userNameOf(stack, 'Mette Krogh'));
  const known = await customerPages(stack, manager);
  say(`Mette Krogh invites ${tenants.length} customers, and their administrators approve …`);
  for (const tenant of tenants) {
    const address = known.get(tenant.displayName);
    const page = address ? await manager.open(address) : await addCustomer(stack, manager, tenant);
    const link = page.root.querySelector('#invitation-link')?.getAttribute('value');
    const approves = link && tenant.domain !== LEFT_INVITED;
    if (approves) await approve(stack, tenant, link);
    say(`  ${tenant.displayName}: ${approves ? 'approved' : link ? 'invited' : 'approved before'}`);
  }
}

async function assignCustomers(stack: Stack): Promise<void> {
  const administrator = await signIn(stack, userNameOf(stack, 'Lars Holm'));
  const people = await administrator.open(`${stack.portalUrl}/people`);
  const jens = people.root.querySelectorAll('a').find((anchor) => anchor.textContent.trim() === 'Jens Holm');
  const page = await administrator.open(new URL(jens?.getAttribute('href') ?? '', people.url));
  const ids = page.root.querySelectorAll('input[name="customers[]"]').map((box) => box.getAttribute('value') ?? '');
  await giveAccess(stack, administrator, 'Jens Holm', { roles: ['analyst'], customerIds: ids });
  await giveAccess(stack, administrator, 'Sara Lind', { roles: ['analyst'], customerIds: ids.slice(0, SARA_WATCHES) });
}

/** Everything from the set-up code to assigned customers. */
export async function playStory(stack: Stack, say: (line: string) => void): Promise<void> {
  const { tenants } = await stack.control.state();
  const customers = tenants.filter(({ tid }) => tid !== stack.partner.tenantId);
  await setUp(stack, say);
  await givePeopleRoles(stack, say);
  await bringInCustomers(stack, customers, say);
  await assignCustomers(stack);
}

/** An account manager's browser, to look at how the customers are. */
export const accountManager = (stack: Stack): Promise<Visitor> => signIn(stack, userNameOf(stack, 'Mette Krogh'));
