import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/access/actor';
import { announceChange, onChange } from '@/lib/db/changes';
import { asWorker } from '@/lib/db/client';
import { actorOf } from '@/test/actors';
import { readerRegistrationId, addCustomer as seedCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { addUser, assign } from '@/test/people';
import { useWebEnvironment } from '@/test/web-environment';
import { addCustomer, checkConnection, domainFrom, renewInvitation, revokeInvitations } from './commands';
import { getCustomer, listCustomers } from './queries';
import { slugOf } from './slug';

let database: TestDatabase;
let manager: Actor;
let stopWorker: () => void;
/** Domain or tenant id → Entra tenant id, as Microsoft's metadata would say. */
const known = new Map<string, string>();

/** Answers the portal's requests over the real table with the worker's own login, from `known`. */
function startAnswering(): () => void {
  return onChange('worker', (change) => {
    if (change === 'reconnected' || change.kind !== 'request' || !change.requestId) return;
    const id = change.requestId;
    void asWorker(async (db) => {
      const request = await db.request.findUnique({ where: { id } });
      if (request?.state !== 'open') return;
      const { domainOrTenantId } = request.payload as { domainOrTenantId: string };
      const entraTenantId = known.get(domainOrTenantId);
      await db.request.update({
        where: { id },
        data: entraTenantId
          ? { state: 'done', answer: { entraTenantId }, finishedAt: new Date() }
          : { state: 'failed', answer: { code: '90002', kind: 'unknown_tenant' }, finishedAt: new Date() },
      });
      await announceChange(db, { kind: 'request', requestId: id });
    });
  });
}

beforeAll(async () => {
  useWebEnvironment();
  database = await createTestDatabase();
  const registrationId = await readerRegistrationId(database);
  await database.admin.query(
    `INSERT INTO credential (id, registration_id, kind, version, hint) VALUES ($1, $2, 'secret', 1, 'abcd')`,
    [randomUUID(), registrationId],
  );
  const mette = await addUser(database, { displayName: 'Mette Krogh', roles: ['account_manager'] });
  manager = actorOf(mette, ['account_manager']);
  stopWorker = startAnswering();
});
afterAll(async () => {
  stopWorker();
  await database.close();
});

function knownDomain(): { domain: string; entraTenantId: string } {
  const domain = `d${randomUUID().slice(0, 8)}.example`;
  const entraTenantId = randomUUID();
  known.set(domain, entraTenantId);
  return { domain, entraTenantId };
}

describe('adding a customer', () => {
  it('pins the tenant that Microsoft’s metadata names and makes an invitation that works', async () => {
    const { domain, entraTenantId } = knownDomain();
    const slug = await addCustomer(manager, {
      domainOrTenantId: ` HTTPS://${domain}/ `,
      displayName: '',
      locale: 'da',
    });
    const customer = await getCustomer(manager, slug);
    expect(customer).toMatchObject({ domain, entraTenantId, connection: { state: 'invited' } });
    expect(customer.link).toMatch(/^http:\/\/localhost:3000\/consent\/[\w-]{43}\?lang=da$/);
  });

  it('refuses a domain that Microsoft does not know, in words and in the audit log', async () => {
    const input = { domainOrTenantId: 'fabrikan.example', displayName: '', locale: 'en' } as const;
    await expect(addCustomer(manager, input)).rejects.toMatchObject({ code: 'invalid', message: 'unknownTenant' });
    const { rows } = await database.admin.query(
      `SELECT result, reason FROM audit_event WHERE action = 'customer.add' AND target = 'fabrikan.example'`,
    );
    expect(rows).toEqual([{ result: 'refused', reason: '90002' }]);
  });

  it('refuses a tenant that is somebody’s already, and names them', async () => {
    const { domain } = knownDomain();
    await addCustomer(manager, { domainOrTenantId: domain, displayName: 'Fabrikam ApS', locale: 'en' });
    const again = addCustomer(manager, { domainOrTenantId: domain, displayName: 'Other', locale: 'en' });
    await expect(again).rejects.toMatchObject({ message: 'alreadyCustomer', values: { name: 'Fabrikam ApS' } });
  });

  it('refuses what is neither a domain nor a tenant id without asking Microsoft', async () => {
    const input = { domainOrTenantId: 'not a domain', displayName: '', locale: 'en' } as const;
    await expect(addCustomer(manager, input)).rejects.toMatchObject({ message: 'malformedDomain' });
  });

  it('is for account managers and administrators only', async () => {
    const jens = actorOf(await addUser(database, { roles: ['analyst'] }), ['analyst']);
    const input = { domainOrTenantId: knownDomain().domain, displayName: '', locale: 'en' } as const;
    await expect(addCustomer(jens, input)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('gives two customers of one name two slugs', async () => {
    const first = await addCustomer(manager, {
      domainOrTenantId: knownDomain().domain,
      displayName: 'Sørensen & Ærø Rederi',
      locale: 'da',
    });
    const second = await addCustomer(manager, {
      domainOrTenantId: knownDomain().domain,
      displayName: 'Sørensen & Ærø Rederi',
      locale: 'da',
    });
    expect([first, second]).toEqual(['soerensen-aeroe-rederi', 'soerensen-aeroe-rederi-2']);
  });
});

describe('an invitation', () => {
  it('is replaced by a new link, and the old one stops working', async () => {
    const slug = await addCustomer(manager, { domainOrTenantId: knownDomain().domain, displayName: '', locale: 'en' });
    const before = await getCustomer(manager, slug);
    await renewInvitation(manager, slug, 'fr');
    const after = await getCustomer(manager, slug);
    expect(after.link).not.toBe(before.link);
    expect(after.link).toMatch(/\?lang=fr$/);
    const { rows } = await database.admin.query('SELECT revoked_at FROM invitation WHERE id = $1', [
      before.invitation?.id,
    ]);
    expect(rows[0].revoked_at).not.toBeNull();
  });

  it('that is revoked shows no link any more', async () => {
    const slug = await addCustomer(manager, { domainOrTenantId: knownDomain().domain, displayName: '', locale: 'en' });
    await revokeInvitations(manager, slug);
    expect((await getCustomer(manager, slug)).link).toBeNull();
  });

  it('has its link shown to nobody who may not send it', async () => {
    const slug = await addCustomer(manager, { domainOrTenantId: knownDomain().domain, displayName: '', locale: 'en' });
    const anna = actorOf(await addUser(database, { roles: ['auditor'] }), ['auditor']);
    expect((await getCustomer(anna, slug)).link).toBeNull();
  });
});

describe('a customer', () => {
  it('is listed for an analyst only when assigned, and is otherwise not found', async () => {
    const mine = await seedCustomer(database);
    const others = await seedCustomer(database);
    const user = await addUser(database, { roles: ['analyst'] });
    await assign(database, user, mine);
    const jens = actorOf(user, ['analyst']);
    expect((await listCustomers(jens)).map(({ slug }) => slug)).toEqual([mine.slug]);
    await expect(getCustomer(jens, others.slug)).rejects.toMatchObject({ code: 'not_found' });
    await expect(getCustomer(jens, 'no-such-customer')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is proved anew when asked to', async () => {
    const customer = await seedCustomer(database, { state: 'consented', causeCode: 'NOT_APPROVED' });
    await checkConnection(manager, customer.slug);
    const { rows } = await database.admin.query('SELECT proof_due_at FROM connection WHERE tenant_id = $1', [
      customer.tenantId,
    ]);
    expect(rows[0].proof_due_at).not.toBeNull();
  });
});

describe('names', () => {
  it.each([
    ['fabrikam.dk', 'fabrikam.dk'],
    ['https://Fabrikam.DK/om-os?x=1', 'fabrikam.dk'],
    ['it@fabrikam.onmicrosoft.com', 'fabrikam.onmicrosoft.com'],
    ['fabrikam', null],
    ['fabri kam.dk', null],
    ['-x.dk', null],
    ['', null],
    [`${'a'.repeat(64)}.dk`, null],
  ])('of domains are understood: %j gives %j', (text, domain) => {
    expect(domainFrom(text)).toBe(domain);
  });

  it.each([
    ['Société Générique Évreux', 'evreux.fr', 'societe-generique-evreux'],
    ['Panadería Ñandú', 'nandu.es', 'panaderia-nandu'],
    ['北京海燕科技', 'haiyan.cn', 'haiyan'],
    ['!!!', null, 'tenant'],
  ])('become slugs: %s', (name, domain, slug) => {
    expect(slugOf(name, domain)).toBe(slug);
  });
});
