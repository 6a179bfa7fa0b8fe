import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashOfToken, newToken } from '@/lib/token';
import { addCustomer, type TestCustomer } from '@/test/customers';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { LOGIN_ORIGIN, PUBLIC_URL, useWebEnvironment } from '@/test/web-environment';
import { beginConsent, type ConsentReturn, declineInvitation, receiveConsent } from './commands';
import { findConsent, findInvitation } from './queries';

let database: TestDatabase;
const visitor = { address: '192.0.2.7', requestId: randomUUID() };

beforeAll(async () => {
  useWebEnvironment();
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function invite(customer: TestCustomer, options: { expiresInHours?: number } = {}): Promise<string> {
  const token = newToken();
  await database.admin.query(
    `INSERT INTO invitation (tenant_id, id, registration_id, token_hash, locale, created_by_name, expires_at)
     VALUES ($1, $2, $3, $4, 'da', 'Mette Krogh', clock_timestamp() + $5 * interval '1 hour')`,
    [customer.tenantId, randomUUID(), customer.registrationId, hashOfToken(token), options.expiresInHours ?? 72],
  );
  return token;
}

async function begin(token: string) {
  const { url, flowCookie } = await beginConsent(token, visitor);
  const state = new URL(url).searchParams.get('state') ?? '';
  return { url: new URL(url), state, flowCookie };
}

const returned = (state: string, tenant: string, more: Partial<ConsentReturn> = {}): ConsentReturn => ({
  state,
  tenant,
  error: '',
  errorDescription: '',
  ...more,
});

async function one<Row>(sql: string, values: unknown[]): Promise<Row> {
  const { rows } = await database.admin.query(sql, values);
  return rows[0] as Row;
}

const connectionOf = (customer: TestCustomer) =>
  one<{ state: string; proof_due_at: Date | null }>('SELECT * FROM connection WHERE tenant_id = $1', [
    customer.tenantId,
  ]);
const usedAtOf = async (token: string) =>
  (await one<{ used_at: Date | null }>('SELECT used_at FROM invitation WHERE token_hash = $1', [hashOfToken(token)]))
    .used_at;
const lastReturnOf = (customer: TestCustomer) =>
  one<{ result: string; reason: string; actor_kind: string }>(
    `SELECT * FROM audit_event WHERE tenant_id = $1 AND action = 'consent.return' ORDER BY seq DESC LIMIT 1`,
    [customer.tenantId],
  );

let customer: TestCustomer;
let token: string;

beforeEach(async () => {
  customer = await addCustomer(database, { state: 'invited' });
  token = await invite(customer);
});

describe('an invitation', () => {
  it('is found by its token, changes nothing by being looked at, and is nobody else’s', async () => {
    const view = await findInvitation(token);
    expect(view).toMatchObject({ customerName: customer.displayName, status: 'open', locale: 'da' });
    expect((await findInvitation(token))?.status).toBe('open');
    expect(await findInvitation(newToken())).toBeNull();
  });

  it('leads to the pinned tenant at Microsoft, with a state that only its hash is kept of', async () => {
    const { url, state, flowCookie } = await begin(token);
    expect(`${url.origin}${url.pathname}`).toBe(`${LOGIN_ORIGIN}/${customer.entraTenantId}/v2.0/adminconsent`);
    expect(url.searchParams.get('scope')).toBe('https://graph.microsoft.com/.default');
    expect(url.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/api/consent/callback`);
    const stored = await one('SELECT * FROM consent_transaction WHERE state_hash = $1', [hashOfToken(state)]);
    expect(JSON.stringify(stored)).not.toContain(state);
    expect(JSON.stringify(stored)).not.toContain(flowCookie);
  });

  it('is no longer good once expired, and says so', async () => {
    const late = await invite(customer, { expiresInHours: -1 });
    expect((await findInvitation(late))?.status).toBe('expired');
    await expect(beginConsent(late, visitor)).rejects.toMatchObject({ message: 'invitation_expired' });
  });

  it('can be declined, which grants nothing, uses nothing up and is recorded', async () => {
    await declineInvitation(token, visitor);
    expect((await findInvitation(token))?.status).toBe('open');
    expect((await connectionOf(customer)).state).toBe('invited');
    const row = await one<{ action: string }>(
      `SELECT action FROM audit_event WHERE tenant_id = $1 AND action = 'invitation.decline'`,
      [customer.tenantId],
    );
    expect(row.action).toBe('invitation.decline');
  });
});

describe('a return from Microsoft', () => {
  it('that fits is noted once and a proof is due; the link stays good until the proof', async () => {
    const { state, flowCookie } = await begin(token);
    const answer = await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor);
    expect(answer).toEqual({ outcome: 'approved', isThisBrowsers: true });
    const connection = await connectionOf(customer);
    expect(connection.state).toBe('consented');
    expect(connection.proof_due_at).not.toBeNull();
    expect(await usedAtOf(token)).toBeNull();
    await database.admin.query('UPDATE invitation SET used_at = clock_timestamp() WHERE token_hash = $1', [
      hashOfToken(token),
    ]);
    expect((await findInvitation(token))?.status).toBe('used');
    await expect(beginConsent(token, visitor)).rejects.toMatchObject({ message: 'invitation_used' });
    expect(await lastReturnOf(customer)).toMatchObject({ result: 'ok', reason: 'approved', actor_kind: 'visitor' });
  });

  it('is refused when it comes again', async () => {
    const { state, flowCookie } = await begin(token);
    await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor);
    const again = await receiveConsent(returned(state, customer.entraTenantId), null, visitor);
    expect(again).toEqual({ outcome: 'replayed', isThisBrowsers: false });
    expect(await lastReturnOf(customer)).toMatchObject({ result: 'refused', reason: 'replayed' });
    expect((await findConsent(flowCookie))?.outcome).toBe('approved');
  });

  it('is claimed by one of two that come at the same moment', async () => {
    const { state, flowCookie } = await begin(token);
    const both = await Promise.all([
      receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor),
      receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor),
    ]);
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['approved', 'replayed']);
  });

  it('naming another customer’s tenant connects neither', async () => {
    const other = await addCustomer(database, { state: 'invited' });
    const { state, flowCookie } = await begin(token);
    const answer = await receiveConsent(returned(state, other.entraTenantId), flowCookie, visitor);
    expect(answer.outcome).toBe('wrong_tenant');
    for (const untouched of [customer, other]) {
      expect(await connectionOf(untouched)).toMatchObject({ state: 'invited', proof_due_at: null });
    }
    expect(await usedAtOf(token)).toBeNull();
    expect(await lastReturnOf(customer)).toMatchObject({ result: 'refused', reason: 'wrong_tenant' });
  });

  it('without the flow cookie is not believed, but proved all the same', async () => {
    const { state } = await begin(token);
    const answer = await receiveConsent(returned(state, customer.entraTenantId), null, visitor);
    expect(answer).toEqual({ outcome: 'other_browser', isThisBrowsers: false });
    const connection = await connectionOf(customer);
    expect(connection.state).toBe('invited');
    expect(connection.proof_due_at).not.toBeNull();
    expect(await usedAtOf(token)).toBeNull();
    expect(await lastReturnOf(customer)).toMatchObject({ result: 'refused', reason: 'other_browser' });
  });

  it('with the flow cookie of another consent is one from another browser', async () => {
    const { state } = await begin(token);
    const { flowCookie } = await begin(await invite(await addCustomer(database, { state: 'invited' })));
    const answer = await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor);
    expect(answer).toEqual({ outcome: 'other_browser', isThisBrowsers: false });
  });

  it.each([
    ['access_denied', 'AADSTS65004: The resource owner denied the request.', 'cancelled:65004'],
    ['permission_denied', 'The admin canceled the request', 'cancelled'],
    ['consent_required', 'AADSTS65004: denied', 'cancelled:65004'],
  ])('cancelled by %s grants nothing and leaves the link good', async (error, errorDescription, reason) => {
    const { state, flowCookie } = await begin(token);
    const back = returned(state, customer.entraTenantId, { error, errorDescription });
    expect((await receiveConsent(back, flowCookie, visitor)).outcome).toBe('cancelled');
    expect(await connectionOf(customer)).toMatchObject({ state: 'invited', proof_due_at: null });
    expect((await findInvitation(token))?.status).toBe('open');
    expect(await lastReturnOf(customer)).toMatchObject({ result: 'refused', reason });
  });

  it('with another error keeps its number and nothing of its text', async () => {
    const { state, flowCookie } = await begin(token);
    const errorDescription = 'AADSTS650052: The app is trying to access a service <script>';
    const back = returned(state, '', { error: 'invalid_client', errorDescription });
    expect((await receiveConsent(back, flowCookie, visitor)).outcome).toBe('microsoft_error');
    const view = await findConsent(flowCookie);
    expect(view?.outcomeDetail).toBe('650052');
  });

  it('after more than an hour is late, and proved all the same', async () => {
    const { state, flowCookie } = await begin(token);
    await database.admin.query(
      `UPDATE consent_transaction SET expires_at = clock_timestamp() - interval '1 second' WHERE state_hash = $1`,
      [hashOfToken(state)],
    );
    expect((await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor)).outcome).toBe(
      'expired',
    );
    expect((await connectionOf(customer)).proof_due_at).not.toBeNull();
  });

  it('after more than an hour is proved once, and not again for every look at its address', async () => {
    const { state, flowCookie } = await begin(token);
    await database.admin.query(
      `UPDATE consent_transaction SET expires_at = clock_timestamp() - interval '1 second' WHERE state_hash = $1`,
      [hashOfToken(state)],
    );
    await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor);
    await database.admin.query('UPDATE connection SET proof_due_at = NULL WHERE tenant_id = $1', [customer.tenantId]);
    const again = await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor);
    expect(again.outcome).toBe('replayed');
    expect((await connectionOf(customer)).proof_due_at).toBeNull();
  });

  it('by a link that was withdrawn meanwhile is refused and proves nothing', async () => {
    const { state, flowCookie } = await begin(token);
    await database.admin.query('UPDATE invitation SET revoked_at = clock_timestamp() WHERE token_hash = $1', [
      hashOfToken(token),
    ]);
    expect((await receiveConsent(returned(state, customer.entraTenantId), flowCookie, visitor)).outcome).toBe(
      'revoked',
    );
    expect(await connectionOf(customer)).toMatchObject({ state: 'invited', proof_due_at: null });
  });

  it('for a revoked customer leaves it revoked until the worker has proved otherwise', async () => {
    const gone = await addCustomer(database, { state: 'revoked', causeCode: 'REVOKED' });
    const { state, flowCookie } = await begin(await invite(gone));
    await receiveConsent(returned(state, gone.entraTenantId), flowCookie, visitor);
    const connection = await connectionOf(gone);
    expect(connection.state).toBe('revoked');
    expect(connection.proof_due_at).not.toBeNull();
    expect((await findConsent(flowCookie))?.isProving).toBe(true);
  });

  it('with a state that was never ours changes nothing and is recorded', async () => {
    const before = await one<{ n: string }>(`SELECT count(*) AS n FROM audit_event WHERE reason = 'unknown'`, []);
    const answer = await receiveConsent(returned(newToken(), customer.entraTenantId), null, visitor);
    expect(answer).toEqual({ outcome: 'unknown', isThisBrowsers: false });
    const after = await one<{ n: string }>(`SELECT count(*) AS n FROM audit_event WHERE reason = 'unknown'`, []);
    expect(Number(after.n)).toBe(Number(before.n) + 1);
  });
});
