import fs from 'node:fs';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { SEAL_ALGORITHM } from './seal';

export const PRIVATE_KEY_FILE = 'sealing-private.jwk';
export const PUBLIC_KEY_FILE = 'sealing-public.jwk';

/**
 * Makes a sealing key: the private half for the worker (mode 0600), the public half for the portal. Throws rather than
 * replace a key, because what was sealed to it would never open again. Answers the key's id.
 */
export async function createSealingKey(folder: string): Promise<string> {
  const privateFile = path.join(folder, PRIVATE_KEY_FILE);
  const publicFile = path.join(folder, PUBLIC_KEY_FILE);
  for (const file of [privateFile, publicFile]) {
    if (fs.existsSync(file)) throw new Error(`${file} exists: a sealing key is never overwritten`);
  }
  const pair = await generateKeyPair(SEAL_ALGORITHM, { modulusLength: 3072, extractable: true });
  const publicHalf = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicHalf);
  const labels = { kid, alg: SEAL_ALGORITHM, use: 'enc' };
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const privateHalf = { ...(await exportJWK(pair.privateKey)), ...labels };
  fs.writeFileSync(privateFile, `${JSON.stringify(privateHalf)}\n`, { mode: 0o600, flag: 'wx' });
  fs.writeFileSync(publicFile, `${JSON.stringify({ ...publicHalf, ...labels })}\n`, { mode: 0o644, flag: 'wx' });
  return kid;
}
