import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { Secret } from '@/lib/secret';
import { createSealingKey, PRIVATE_KEY_FILE, PUBLIC_KEY_FILE } from './keys';
import { openerFromFile, type SealOpener } from './open';
import { type PublicSealingKey, readPublicSealingKey, type SealScope, seal } from './seal';

const scope: SealScope = { registrationId: 'registration', credentialId: 'credential', kind: 'secret', version: 1 };
const value = new Secret('a secret that nobody may see');

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-seal-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

interface Pair {
  publicKey: PublicSealingKey;
  opener: SealOpener;
}

async function newPair(): Promise<Pair> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-seal-'));
  await createSealingKey(folder);
  const publicKey = readPublicSealingKey(path.join(folder, PUBLIC_KEY_FILE));
  const opener = await openerFromFile(path.join(folder, PRIVATE_KEY_FILE));
  fs.rmSync(folder, { recursive: true });
  return { publicKey, opener };
}

let pair: Pair;
let other: Pair;
beforeAll(async () => {
  pair = await newPair();
  other = await newPair();
});

test('what was sealed opens in its own place, and shows itself nowhere', async () => {
  const jwe = await seal(value, scope, pair.publicKey);
  const opened = await pair.opener.open(jwe, scope);
  expect(opened.reveal()).toBe(value.reveal());
  expect(jwe).not.toContain(Buffer.from(value.reveal()).toString('base64url'));
  expect(`${opened} ${JSON.stringify({ opened })} ${inspect(opened)}`).not.toContain('nobody');
});

test.each([
  ['registration', { registrationId: 'another' }],
  ['credential', { credentialId: 'another' }],
  ['kind', { kind: 'certificate' as const }],
  ['version', { version: 2 }],
])('a value moved to the row of another %s stays shut', async (_what, change) => {
  const jwe = await seal(value, scope, pair.publicKey);
  await expect(pair.opener.open(jwe, { ...scope, ...change })).rejects.toThrow('is not that of its row');
});

test('a value whose header was rewritten to fit stays shut', async () => {
  const [, ...rest] = (await seal(value, scope, pair.publicKey)).split('.');
  const target = { ...scope, version: 2 };
  const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: pair.publicKey.kid, ...target };
  const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
  await expect(pair.opener.open(forged, target)).rejects.toThrow('does not open');
});

test('a value with one changed byte stays shut', async () => {
  const parts = (await seal(value, scope, pair.publicKey)).split('.');
  const content = Buffer.from(parts[3] ?? '', 'base64url');
  content.writeUInt8(content.readUInt8(0) ^ 1, 0);
  parts[3] = content.toString('base64url');
  await expect(pair.opener.open(parts.join('.'), scope)).rejects.toThrow('does not open');
});

test('another key says which key is needed', async () => {
  const jwe = await seal(value, scope, pair.publicKey);
  await expect(other.opener.open(jwe, scope)).rejects.toThrow(
    `needs the key ${pair.publicKey.kid}, and this is ${other.publicKey.kid}`,
  );
});

test('another key under the same name does not open it either', async () => {
  const jwe = await seal(value, scope, { ...pair.publicKey, kid: other.publicKey.kid });
  await expect(other.opener.open(jwe, scope)).rejects.toThrow('does not open');
});

test('a weaker algorithm in the header is refused before any key is tried', async () => {
  const [, ...rest] = (await seal(value, scope, pair.publicKey)).split('.');
  const header = { alg: 'RSA-OAEP', enc: 'A256GCM', kid: pair.publicKey.kid, ...scope };
  const weaker = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
  await expect(pair.opener.open(weaker, scope)).rejects.toThrow('"alg" is not that of its row');
});

test('a private key that others can read is refused', async () => {
  const folder = temporaryFolder();
  await createSealingKey(folder);
  const file = path.join(folder, PRIVATE_KEY_FILE);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  fs.chmodSync(file, 0o640);
  await expect(openerFromFile(file)).rejects.toThrow('can be read by others');
});

test('the portal refuses a key file that holds the private half', async () => {
  const folder = temporaryFolder();
  await createSealingKey(folder);
  expect(() => readPublicSealingKey(path.join(folder, PRIVATE_KEY_FILE))).toThrow('is not the public half');
  await expect(openerFromFile(path.join(folder, PUBLIC_KEY_FILE))).rejects.toThrow();
});

test('a sealing key is never overwritten, since nothing sealed to it would open again', async () => {
  const folder = temporaryFolder();
  await createSealingKey(folder);
  const before = fs.readFileSync(path.join(folder, PRIVATE_KEY_FILE), 'utf8');
  await expect(createSealingKey(folder)).rejects.toThrow('never overwritten');
  fs.rmSync(path.join(folder, PRIVATE_KEY_FILE));
  await expect(createSealingKey(folder)).rejects.toThrow('never overwritten');
  expect(before).toContain('"d"');
});
