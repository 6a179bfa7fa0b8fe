/**
 * What happens before the demo is shown, done through the product's own pages: the first administrator sets up, people
 * get their roles, customers are invited and approve. Every step looks first whether it is done, so that a run that was
 * broken off continues.
 */
import type { EmulatedTenant } from './emulator-control.ts';
import {
  accountOf,
  addCustomer,
  approve,
  customerIds,
  enterSetUpCode,
  giveAccess,
  invitationLinkOn,
  isAdministrator,
  readCustomers,
  signIn,
} from './portal-visits.ts';
import type { Stack } from './stack.ts';
import type { Visitor } from './visitor.ts';

const PARTNER = { partnerName: 'Nordsikring A/S', partnerPhone: '+45 70 20 30 40' };
const SET_UP_CODE_MS = 20_000;

/** Never approves, to show what waiting looks like. */
const LEFT_INVITED = 'litware-advokater.dk';
/** Approves, and takes it back later. */
export const REVOKED_LATER = 'northwind-foedevarer.dk';

const LANGUAGES: Record<string, string> = { dk: 'da', es: 'es', fr: 'fr', cn: 'zh-CN' };
const languageOf = (domain: string): string => LANGUAGES[domain.split('.').at(-1) ?? ''] ?? 'en';

const ADMINISTRATOR = 'Lars Holm';
const ACCOUNT_MANAGER = 'Mette Krogh';
const ROLES: Record<string, string[]> = {
  [ACCOUNT_MANAGER]: ['account_manager'],
  'Jens Holm': ['analyst'],
  'Sara Lind': ['analyst'],
  'Anna Berg': ['auditor'],
};
/** Jens watches every customer, Sara the first few. */
const SARA_WATCHES = 4;

type Say = (line: string) => void;

async function setUp(stack: Stack, say: Say): Promise<void> {
  const administrator = await signIn(stack, accountOf(stack, ADMINISTRATOR));
  if (await isAdministrator(stack, administrator)) return;
  say(`${ADMINISTRATOR} signs in and enters the set-up code …`);
  const code = await stack.setUpCode(SET_UP_CODE_MS);
  await enterSetUpCode(stack, administrator, { code, ...PARTNER });
}

async function givePeopleRoles(stack: Stack, say: Say): Promise<void> {
  say(`${Object.keys(ROLES).join(', ')} sign in once and get their roles …`);
  // The portal knows a person from the first sign-in on.
  for (const name of Object.keys(ROLES)) await signIn(stack, accountOf(stack, name));
  const administrator = await signIn(stack, accountOf(stack, ADMINISTRATOR));
  for (const [name, roles] of Object.entries(ROLES)) await giveAccess(stack, administrator, name, { roles });
}

async function bringInCustomers(stack: Stack, tenants: EmulatedTenant[], say: Say): Promise<void> {
  const manager = await accountManager(stack);
  const known = new Map((await readCustomers(stack, manager)).map(({ name, address }) => [name, address]));
  say(`${ACCOUNT_MANAGER} invites ${tenants.length} customers, and their administrators approve …`);
  for (const { domain, displayName } of tenants) {
    const address = known.get(displayName);
    const locale = languageOf(domain);
    const page = await (address ? manager.open(address) : addCustomer(stack, manager, { domain, displayName, locale }));
    const link = invitationLinkOn(page);
    const approves = link !== null && domain !== LEFT_INVITED;
    if (approves) await approve(stack, link, `global.admin@${domain}`, locale);
    say(`  ${displayName}: ${approves ? 'approved' : link ? 'invited' : 'approved before'}`);
  }
}

async function assignCustomers(stack: Stack): Promise<void> {
  const administrator = await signIn(stack, accountOf(stack, ADMINISTRATOR));
  const ids = [...(await customerIds(stack, administrator, 'Jens Holm')).values()];
  await giveAccess(stack, administrator, 'Jens Holm', { roles: ['analyst'], customerIds: ids });
  await giveAccess(stack, administrator, 'Sara Lind', { roles: ['analyst'], customerIds: ids.slice(0, SARA_WATCHES) });
}

/** Everything from the set-up code to assigned customers. */
export async function playStory(stack: Stack, say: Say): Promise<void> {
  const { tenants } = await stack.control.state();
  await setUp(stack, say);
  await givePeopleRoles(stack, say);
  await bringInCustomers(
    stack,
    tenants.filter(({ tid }) => tid !== stack.partner.tenantId),
    say,
  );
  await assignCustomers(stack);
}

/** An account manager's browser, to look at how the customers are. */
export const accountManager = (stack: Stack): Promise<Visitor> => signIn(stack, accountOf(stack, ACCOUNT_MANAGER));
