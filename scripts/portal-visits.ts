/** What people do in the portal and customers' administrators at Microsoft, done by scripted visitors. */
import type { EmulatedPartner } from './emulated-partner.ts';
import { type Page, Visitor } from './visitor.ts';

/** Where the visits lead. */
export interface Place {
  portalUrl: string;
  partner: EmulatedPartner;
}

export interface SetUp {
  code: string;
  partnerName: string;
  partnerPhone: string;
}

export interface Access {
  roles: string[];
  /** Ids of the customers to assign; without them the assignments stay. */
  customerIds?: string[];
}

function expectPage(page: Page, path: RegExp, what: string): Page {
  const alert = page.root.querySelector('[role="alert"]')?.textContent;
  if (page.status === 200 && path.test(page.url.pathname)) return page;
  throw new Error(`${what}: ${page.url.pathname} (${page.status}) says: ${(alert ?? page.text).slice(0, 300)}`);
}

/** Signs in at the emulated Microsoft; answers the browser that came back. */
export async function signIn(place: Place, userPrincipalName: string): Promise<Visitor> {
  const visitor = new Visitor();
  const start = await visitor.open(`${place.portalUrl}/sign-in`);
  const account = await start.submitTo('/sign-in/start');
  const landed = await account.submit('username', { username: userPrincipalName });
  if (landed.url.origin !== place.portalUrl || landed.url.pathname === '/sign-in') {
    throw new Error(`${userPrincipalName} could not sign in; the page says: ${landed.text.slice(0, 300)}`);
  }
  return visitor;
}

/** The account of the partner's person with that name. */
export function accountOf(place: Place, displayName: string): string {
  const user = place.partner.users.find((candidate) => candidate.displayName === displayName);
  if (!user) throw new Error(`The emulator has no ${displayName}`);
  return user.userPrincipalName;
}

/** True when that person's browser may manage people, so that set-up has been done. */
export async function isAdministrator(place: Place, visitor: Visitor): Promise<boolean> {
  const people = await visitor.open(`${place.portalUrl}/people`);
  return people.status === 200 && people.url.pathname === '/people';
}

/** Enters the set-up code: that browser's person is the first administrator from then on. */
export async function enterSetUpCode(place: Place, visitor: Visitor, setUp: SetUp): Promise<void> {
  const form = await visitor.open(`${place.portalUrl}/set-up`);
  const { code, partnerName, partnerPhone } = setUp;
  expectPage(await form.submit('code', { code, partnerName, partnerPhone }), /^\/people/, 'Set-up');
}

async function personPage(place: Place, administrator: Visitor, displayName: string): Promise<Page> {
  const people = expectPage(await administrator.open(`${place.portalUrl}/people`), /^\/people$/, 'People');
  const link = people.root.querySelectorAll('a').find((anchor) => anchor.textContent.trim() === displayName);
  const address = link?.getAttribute('href');
  if (!address) throw new Error(`${displayName} is not among the people: they sign in once first`);
  return expectPage(await administrator.open(new URL(address, people.url)), /^\/people\//, displayName);
}

/** Gives a person these roles and customers instead of those held; ends the person's sessions. */
export async function giveAccess(
  place: Place,
  administrator: Visitor,
  displayName: string,
  access: Access,
): Promise<void> {
  const person = await personPage(place, administrator, displayName);
  const chosen = { 'roles[]': access.roles, ...(access.customerIds ? { 'customers[]': access.customerIds } : {}) };
  expectPage(await person.submit('roles[]', chosen), /^\/people/, `Access of ${displayName}`);
}

/** The ids of all customers, as the form that assigns them knows them, by name. */
export async function customerIds(place: Place, administrator: Visitor, person: string): Promise<Map<string, string>> {
  const page = await personPage(place, administrator, person);
  const boxes = page.root.querySelectorAll('input[name="customers[]"]');
  return new Map(boxes.map((box) => [box.closest('label')?.textContent.trim() ?? '', box.getAttribute('value') ?? '']));
}

export interface NewCustomer {
  domain: string;
  displayName: string;
  locale: string;
}

/** Adds a customer; answers its page, which shows the link. */
export async function addCustomer(place: Place, manager: Visitor, customer: NewCustomer): Promise<Page> {
  const form = await manager.open(`${place.portalUrl}/customers/new`);
  const { domain, displayName, locale } = customer;
  const added = await form.submit('domainOrTenantId', { domainOrTenantId: domain, displayName, locale });
  return expectPage(added, /^\/customers\/(?!new)/, `Adding ${displayName}`);
}

/** The link on a customer's page; null when none is open. */
export function invitationLinkOn(page: Page): string | null {
  return page.root.querySelector('#invitation-link')?.getAttribute('value') ?? null;
}

/** A customer's administrator opens the link, continues to Microsoft, approves there and comes back. */
export async function approve(place: Place, link: string, userPrincipalName: string, language: string): Promise<Page> {
  const admin = new Visitor(language);
  const invitation = await admin.open(link);
  const account = await invitation.submitTo(`${new URL(link).pathname}/continue`);
  const consent = await account.submit('username', { username: userPrincipalName });
  const result = await consent.submit('decision', {}, 'accept');
  if (result.url.origin !== place.portalUrl || result.status !== 200) {
    throw new Error(`${userPrincipalName} did not come back: ${result.url.pathname} says ${result.text.slice(0, 300)}`);
  }
  return result;
}

export interface CustomerLine {
  name: string;
  address: URL;
  connection: string;
  nextStep: string;
}

/** The customers' table as that browser's person reads it. */
export async function readCustomers(place: Place, visitor: Visitor): Promise<CustomerLine[]> {
  const page = expectPage(await visitor.open(`${place.portalUrl}/customers`), /^\/customers$/, 'Customers');
  return page.root.querySelectorAll('tbody tr').map((row) => {
    const [name, connection, nextStep] = row.querySelectorAll('td, th');
    const link = name?.querySelector('a');
    return {
      name: link?.textContent.trim() ?? '',
      address: new URL(link?.getAttribute('href') ?? '', page.url),
      connection: connection?.textContent.trim() ?? '',
      nextStep: nextStep?.textContent.trim() ?? '',
    };
  });
}
