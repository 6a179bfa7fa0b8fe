import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmulator } from '@/emulator/start';
import { selfSignedCertificate } from '@/emulator/state/self-signed-certificate';
import { type Cloud, cloudFrom } from '@/lib/cloud';
import { openReach, type Reach } from '@/lib/connections/reach';
import { sealCredential } from '@/lib/credentials/commands';
import { createSealingKey, PRIVATE_KEY_FILE, PUBLIC_KEY_FILE } from '@/lib/credentials/keys';
import { openerFromFile } from '@/lib/credentials/open';
import { readPublicSealingKey } from '@/lib/credentials/seal';
import { credentialVault } from '@/lib/credentials/vault';
import { Secret } from '@/lib/secret';
import { addCustomer, readerRegistrationId, type TestCustomer } from './customers';
import type { TestDatabase } from './database';

const HOME_TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT_ID = '7c0d2f4e-2222-4a51-9d51-000000000002';
const NAMED = { tier: 'read', clientId: CLIENT_ID, displayName: 'Nordsikring Watchfold' } as const;
const CALLBACK = 'http://localhost:3999/consent/callback';
const ROLES = ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'];
const CLIENT_SECRET = 'a client secret of the tests, long enough';

type CustomerOptions = NonNullable<Parameters<typeof addCustomer>[1]>;

/** The emulator, our application in it, its sealed credential, and the worker's way to it. */
export interface EmulatedMicrosoft {
  cloud: Cloud;
  reach: Reach;
  /** The private half of the key that its credential is sealed to. */
  privateKeyFile: string;
  /** Another way there with tokens and budgets of its own, as a second worker has. */
  anotherReach(options?: { callsPerMinute?: number; timeoutMs?: number }): Reach;
  control(method: string, pathname: string, body?: object): Promise<Record<string, unknown>>;
  /** A customer in our database and, with `incidents` in its past, in the emulator. */
  addCustomer(options?: CustomerOptions & { incidents?: number; scenario?: object }): Promise<TestCustomer>;
  /** What the customer's administrator does at Microsoft. */
  consent(customer: TestCustomer): Promise<void>;
  changeScenario(customer: TestCustomer, change: object): Promise<void>;
  /** Seals a secret (the application's own by default), which becomes the one in use. */
  sealSecret(value?: string): Promise<void>;
  /** Seals a new certificate, which the application knows unless it `isUnknown`. */
  sealCertificate(options?: { isUnknown?: boolean }): Promise<void>;
  close(): Promise<void>;
}

async function answerOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.status >= 400) throw new Error(`${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/** Accepts on the emulator's consent pages, whose two forms carry what they need in fields. */
async function approve(loginOrigin: string, tenantId: string, username: string): Promise<void> {
  const request = {
    client_id: CLIENT_ID,
    scope: 'https://graph.microsoft.com/.default',
    redirect_uri: CALLBACK,
    state: 'of-a-test',
  };
  const url = `${loginOrigin}/${tenantId}/v2.0/adminconsent`;
  const fields = { ...request, username };
  await answerOf(await fetch(url, { method: 'POST', body: new URLSearchParams({ ...fields, step: 'sign-in' }) }));
  const accepted = new URLSearchParams({ ...fields, step: 'consent', decision: 'accept' });
  const answer = await fetch(url, { method: 'POST', body: accepted, redirect: 'manual' });
  if (!answer.headers.get('location')?.includes('admin_consent=True')) throw new Error(await answer.text());
}

/** Starts on free ports; close it after the tests of the file. */
export async function emulateMicrosoft(database: TestDatabase): Promise<EmulatedMicrosoft> {
  const emulator = await startEmulator();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-keys-'));
  await createSealingKey(folder);
  const publicKey = readPublicSealingKey(path.join(folder, PUBLIC_KEY_FILE));
  const privateKeyFile = path.join(folder, PRIVATE_KEY_FILE);
  const opener = await openerFromFile(privateKeyFile);
  const { cloud } = cloudFrom('custom', 'http://localhost:3999', emulator);
  if (!cloud) throw new Error('The emulator is not a cloud');

  const control = async (method: string, pathname: string, body?: object) => {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    return JSON.parse(await answerOf(await fetch(emulator.controlOrigin + pathname, init))) as Record<string, unknown>;
  };
  const sealSecret = async (value = CLIENT_SECRET) => {
    const credential = { ...NAMED, kind: 'secret', value: new Secret(value), expiresAt: null } as const;
    await sealCredential({ kind: 'visitor' }, credential, publicKey);
  };
  const sealCertificate = async ({ isUnknown = false } = {}) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const certificate = selfSignedCertificate(privateKey, 'Watchfold', 30);
    if (!isUnknown) await control('PUT', `/applications/${CLIENT_ID}`, { certificates: [certificate] });
    const pem = `${certificate}${privateKey.export({ type: 'pkcs8', format: 'pem' })}`;
    const credential = { ...NAMED, kind: 'certificate', value: new Secret(pem), expiresAt: null } as const;
    await sealCredential({ kind: 'visitor' }, credential, publicKey);
  };
  const anotherReach = ({ callsPerMinute = 5_000, timeoutMs = 2_000 } = {}) =>
    openReach({ cloud, vault: credentialVault(opener), callsPerMinute, timeoutMs });

  await control('PUT', `/tenants/${HOME_TENANT}`, { domain: 'partner.example', displayName: 'Nordsikring A/S' });
  await control('PUT', `/applications/${CLIENT_ID}`, {
    displayName: 'Nordsikring Watchfold',
    homeTenantId: HOME_TENANT,
    requiredRoles: ROLES,
    redirectUris: [CALLBACK],
    secrets: [{ value: CLIENT_SECRET }],
  });
  await readerRegistrationId(database);
  await sealSecret();

  return {
    cloud,
    reach: anotherReach(),
    privateKeyFile,
    anotherReach,
    control,
    sealSecret,
    sealCertificate,
    async addCustomer({ incidents = 0, scenario = {}, ...options } = {}) {
      const customer = await addCustomer(database, options);
      const { displayName, entraTenantId, slug } = customer;
      const limits = { throttlePerMinute: 100_000 };
      const tenant = { displayName, domain: `${slug}.example`, incidents, scenario: { ...limits, ...scenario } };
      await control('PUT', `/tenants/${entraTenantId}`, tenant);
      return customer;
    },
    consent: ({ entraTenantId, slug }) => approve(emulator.loginOrigin, entraTenantId, `global.admin@${slug}.example`),
    changeScenario: async ({ entraTenantId }, change) => {
      await control('PATCH', `/tenants/${entraTenantId}/scenario`, change);
    },
    async close() {
      await emulator.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}
