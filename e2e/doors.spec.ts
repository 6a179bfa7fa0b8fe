/**
 * Every door of the product, as the build lists them, tried by everybody. A door that is missing from the tables fails,
 * so that a new page, route or action can't be added without saying who may pass.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from './support/world.ts';

const BUILD = path.resolve(import.meta.dirname, '../.next/server');

const PEOPLE = ['anonymous', 'nobody', 'analyst', 'account_manager', 'administrator', 'auditor'] as const;
type Who = (typeof PEOPLE)[number];
/** `in`: the page; `sign-in`: sent to sign in; `none`: as if it did not exist; a path: sent there; a number: that status. */
type Answer = 'in' | 'sign-in' | 'none' | `/${string}` | number;

const forAll = (answer: Answer): Record<Who, Answer> =>
  Object.fromEntries(PEOPLE.map((who) => [who, answer])) as Record<Who, Answer>;
const only = (...allowed: Who[]): Record<Who, Answer> => ({
  ...(Object.fromEntries(PEOPLE.map((who) => [who, allowed.includes(who) ? 'in' : 'none'])) as Record<Who, Answer>),
  anonymous: 'sign-in',
});

interface Places {
  slug: string;
  incidentId: string;
  personId: string;
}

const DOORS: Record<string, { path: (places: Places) => string; answers: Record<Who, Answer> }> = {
  '/(portal)/page': {
    path: () => '/',
    answers: {
      anonymous: 'sign-in',
      nobody: 'in',
      analyst: '/incidents',
      account_manager: '/customers',
      administrator: '/customers',
      auditor: '/audit',
    },
  },
  '/(portal)/incidents/page': { path: () => '/incidents?status=open', answers: only('analyst') },
  '/(portal)/incidents/[tenantSlug]/[incidentId]/page': {
    path: ({ slug, incidentId }) => `/incidents/${slug}/${incidentId}`,
    answers: only('analyst'),
  },
  '/(portal)/customers/page': {
    path: () => '/customers',
    answers: only('analyst', 'account_manager', 'administrator', 'auditor'),
  },
  '/(portal)/customers/[slug]/page': {
    path: ({ slug }) => `/customers/${slug}`,
    answers: only('analyst', 'account_manager', 'administrator', 'auditor'),
  },
  '/(portal)/customers/new/page': {
    path: () => '/customers/new',
    answers: only('account_manager', 'administrator'),
  },
  '/(portal)/people/page': { path: () => '/people', answers: only('administrator', 'auditor') },
  '/(portal)/people/[id]/page': { path: ({ personId }) => `/people/${personId}`, answers: only('administrator') },
  '/(portal)/audit/page': { path: () => '/audit', answers: only('administrator', 'auditor') },
  '/(portal)/set-up/page': { path: () => '/set-up', answers: { ...forAll('in'), anonymous: 'sign-in' } },
  '/(public)/sign-in/page': { path: () => '/sign-in', answers: { ...forAll('/'), anonymous: 'in' } },
  '/(public)/sign-in/start/route': { path: () => '/sign-in/start', answers: forAll(405) },
  '/(public)/sign-out/route': { path: () => '/sign-out', answers: forAll(405) },
  '/(public)/consent/[token]/page': { path: () => '/consent/nobodys', answers: forAll('in') },
  '/(public)/consent/[token]/continue/route': { path: () => '/consent/nobodys/continue', answers: forAll(405) },
  '/(public)/consent/[token]/decline/route': { path: () => '/consent/nobodys/decline', answers: forAll(405) },
  '/(public)/consent/declined/page': { path: () => '/consent/declined', answers: forAll('in') },
  '/(public)/consent/result/page': { path: () => '/consent/result', answers: forAll('in') },
  '/api/auth/callback/azure-ad/route': { path: () => '/api/auth/callback/azure-ad', answers: forAll('sign-in') },
  '/api/consent/callback/route': {
    path: () => '/api/consent/callback',
    answers: forAll('/consent/result?outcome=unknown'),
  },
  '/api/health/route': { path: () => '/api/health', answers: forAll('in') },
  '/api/ready/route': { path: () => '/api/ready', answers: forAll('in') },
  '/api/v1/queue/route': {
    path: () => '/api/v1/queue?status=open&after=0',
    answers: { ...forAll(404), anonymous: 401, analyst: 400 },
  },
  '/api/v1/events/route': { path: () => '/api/v1/events', answers: { ...forAll('in'), anonymous: 401 } },
};

const ASSETS = new Set(['/_global-error/page', '/_not-found/page', '/icon.svg/route']);

/** Server actions by the name they are exported under: whom they serve. Everybody else is refused and changes nothing. */
const ACTIONS: Record<string, { page: (places: Places) => string; fields: Record<string, string>; allowed: Who[] }> = {
  renew: {
    page: ({ slug }) => `/customers/${slug}`,
    fields: { locale: 'en' },
    allowed: ['account_manager', 'administrator'],
  },
  check: { page: ({ slug }) => `/customers/${slug}`, fields: {}, allowed: ['account_manager', 'administrator'] },
  revoke: { page: ({ slug }) => `/customers/${slug}`, fields: {}, allowed: ['account_manager', 'administrator'] },
  submitCustomer: {
    page: () => '/customers/new',
    fields: { domainOrTenantId: 'nobody.example', displayName: '', locale: 'en' },
    allowed: ['account_manager', 'administrator'],
  },
  saveAccess: { page: ({ personId }) => `/people/${personId}`, fields: {}, allowed: ['administrator'] },
  // Open to all who are signed in; the code decides.
  submitSetUp: { page: () => '/set-up', fields: {}, allowed: PEOPLE.filter((who) => who !== 'anonymous') },
};

const manifest = (name: string) => JSON.parse(fs.readFileSync(path.join(BUILD, name), 'utf8'));

function builtActions(): { id: string; name: string }[] {
  const { node } = manifest('server-reference-manifest.json') as { node: Record<string, { exportedName: string }> };
  return Object.entries(node).map(([id, { exportedName }]) => ({ id, name: exportedName }));
}

async function statusOf(page: Page, address: string): Promise<Answer> {
  // Aborted by the answer's head: a stream of events never ends.
  const seen = await page.evaluate(async (target) => {
    const response = await fetch(target, { redirect: 'manual' });
    await response.body?.cancel();
    return { status: response.status, type: response.type };
  }, address);
  if (seen.type !== 'opaqueredirect') return seen.status === 200 ? 'in' : seen.status === 404 ? 'none' : seen.status;
  const response = await page.request.get(address, { maxRedirects: 0 });
  const to = new URL(response.headers()['location'] ?? '', page.url());
  return to.pathname === '/sign-in' ? 'sign-in' : (`${to.pathname}${to.search}` as Answer);
}

const same = (answer: Answer): Answer => (answer === 404 ? 'none' : answer);

test('every door of the build is in the tables', () => {
  const built = Object.keys(manifest('app-paths-manifest.json')).filter((door) => !ASSETS.has(door));
  expect(built.toSorted()).toEqual(Object.keys(DOORS).toSorted());
  const actions = builtActions().map(({ name }) => name);
  expect(actions.toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
});

test('each door opens for those it is meant for and for nobody else', async ({ world }) => {
  test.slow();
  const tenant = await world.newTenant('Doors', { openIncidents: 1 });
  const { slug } = await world.connect(tenant);
  const [incident] = await world.query<{ id: string }>(
    'SELECT i.id FROM incident i JOIN tenant t ON t.id = i.tenant_id WHERE t.entra_tenant_id = $1 AND i.is_open',
    [tenant.tid],
  );
  const [person] = await world.query<{ id: string }>('SELECT id FROM app_user WHERE user_name = $1', [
    'lars.holm@nordsikring.dk',
  ]);
  const places = { slug, incidentId: incident?.id ?? '', personId: person?.id ?? '' };
  const pages: Record<Who, Page> = {
    anonymous: await world.open(),
    nobody: (await world.newSignedIn('Nobody', [])).page,
    analyst: await world.analystOf(tenant),
    account_manager: (await world.newSignedIn('Manager', ['account_manager'])).page,
    administrator: (await world.newSignedIn('Admin', ['administrator'])).page,
    auditor: (await world.newSignedIn('Auditor', ['auditor'])).page,
  };
  await pages.anonymous.goto('/sign-in');

  const wrong: string[] = [];
  for (const [door, { path: pathOf, answers }] of Object.entries(DOORS)) {
    for (const who of PEOPLE) {
      const answer = await statusOf(pages[who], pathOf(places));
      if (same(answer) !== same(answers[who])) wrong.push(`${door} as ${who}: ${answer}, not ${answers[who]}`);
    }
  }
  expect(wrong).toEqual([]);

  for (const { id, name } of builtActions()) {
    const action = ACTIONS[name];
    if (!action) throw new Error(`${name} is in no table`);
    for (const who of PEOPLE.filter((each) => !action.allowed.includes(each))) {
      const fields = { slug, userId: places.personId, ...action.fields };
      const response = await pages[who].request.post(action.page(places), {
        headers: { 'next-action': id, origin: world.stack.portalUrl, accept: 'text/x-component' },
        multipart: {
          ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [`1_${field}`, value])),
          0: '[{"ok":true},"$K1"]',
        },
        maxRedirects: 0,
      });
      const text = await response.text();
      const isSentToSignIn =
        response.headers()['x-action-redirect']?.startsWith('/sign-in') || response.status() === 307;
      const isRefused = who === 'anonymous' ? isSentToSignIn : text.includes('"message":"forbidden"');
      expect(isRefused, `${name} as ${who}: ${response.status()} ${text.slice(0, 300)}`).toBe(true);
    }
  }
});
