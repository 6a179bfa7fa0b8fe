import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '@/lib/secret';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { sealCredential } from './commands';
import { createSealingKey, PRIVATE_KEY_FILE, PUBLIC_KEY_FILE } from './keys';
import { openerFromFile, type SealOpener } from './open';
import { type PublicSealingKey, readPublicSealingKey } from './seal';
import { assertVaultOpens, credentialVault } from './vault';

const CLIENT = '7c0d2f4e-2222-4a51-9d51-000000000002';
const CANARY = 'canary-of-a-secret-0123456789';

let database: TestDatabase;
let publicKey: PublicSealingKey;
let opener: SealOpener;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-vault-'));

beforeAll(async () => {
  database = await createTestDatabase();
  await createSealingKey(folder);
  publicKey = readPublicSealingKey(path.join(folder, PUBLIC_KEY_FILE));
  opener = await openerFromFile(path.join(folder, PRIVATE_KEY_FILE));
});

afterAll(async () => {
  await database.close();
  fs.rmSync(folder, { recursive: true });
});

const named = { tier: 'read', clientId: CLIENT, displayName: 'Watchfold', kind: 'secret', expiresAt: null } as const;

function sealText(text: string, change: object = {}) {
  return sealCredential({ kind: 'visitor' }, { ...named, value: new Secret(text), ...change }, publicKey);
}

test('the newest credential is the one in use', async () => {
  const { registrationId, version } = await sealText(CANARY);
  const vault = credentialVault(opener);
  const first = await vault.newest(registrationId);
  expect(first?.proof).toMatchObject({ kind: 'secret' });
  expect(first?.proof.kind === 'secret' && first.proof.secret.reveal()).toBe(CANARY);
  expect((await sealText('the next secret, which is another')).version).toBe(version + 1);
  const second = await vault.newest(registrationId);
  expect(second?.proof.kind === 'secret' && second.proof.secret.reveal()).toBe('the next secret, which is another');
  expect(second?.credentialId).not.toBe(first?.credentialId);
});

test('sealing leaves an audit row and nothing of the secret but its last four characters', async () => {
  await sealText(CANARY);
  const { rows } = await database.admin.query<{ all: string }>(
    `SELECT (SELECT json_agg(c)::text FROM credential c) || (SELECT json_agg(s)::text FROM sealed_value s)
       || (SELECT json_agg(a)::text FROM audit_event a) AS all`,
  );
  expect(rows[0]?.all).not.toContain(CANARY.slice(0, 12));
  expect(rows[0]?.all).toContain('"hint":"6789"');
  expect(rows[0]?.all).toContain('credential.seal');
});

test('of a short secret not even the end is kept', async () => {
  const { version } = await sealText('short');
  const { rows } = await database.admin.query('SELECT hint FROM credential WHERE version = $1', [version]);
  expect(rows).toEqual([{ hint: '' }]);
});

test('another application can not take over a registration that customers granted', async () => {
  await sealText(CANARY);
  await expect(sealText(CANARY, { clientId: '99999999-2222-4a51-9d51-000000000002' })).rejects.toThrow(
    `is application ${CLIENT}`,
  );
});

test('a wrong key fails at the start with a message that names the registration', async () => {
  await sealText(CANARY);
  const otherFolder = path.join(folder, 'other');
  await createSealingKey(otherFolder);
  const wrong = credentialVault(await openerFromFile(path.join(otherFolder, PRIVATE_KEY_FILE)));
  await expect(assertVaultOpens(wrong)).rejects.toThrow(/"read" registration can't be opened with this key/);
  expect(await assertVaultOpens(credentialVault(opener))).toBe(1);
});

test('a sealed value swapped with another row of the database stays shut', async () => {
  const first = await sealText(CANARY);
  await sealText('the second of the two secrets');
  await database.admin.query(
    `UPDATE sealed_value SET jwe = (SELECT s.jwe FROM sealed_value s JOIN credential c ON c.id = s.credential_id
       WHERE c.version = $1) WHERE credential_id = (SELECT id FROM credential ORDER BY version DESC LIMIT 1)`,
    [first.version],
  );
  await expect(credentialVault(opener).newest(first.registrationId)).rejects.toThrow('is not that of its row');
});
