/**
 * The portal's half of sealing: with the public key it can close and never open. What comes out is a compact JWE
 * (RFC 7516), whose protected header says what the value is for, so that it opens in its own place only.
 */
import fs from 'node:fs';
import { CompactEncrypt, importJWK } from 'jose';
import { z } from 'zod';
import type { Secret } from '@/lib/secret';

export const SEAL_ALGORITHM = 'RSA-OAEP-256';
export const SEAL_ENCRYPTION = 'A256GCM';

/** What a sealed value is for; all of it is checked again when it is opened. */
export interface SealScope {
  registrationId: string;
  credentialId: string;
  kind: 'secret' | 'certificate';
  version: number;
}

const publicJwkSchema = z.strictObject({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  kid: z.string().min(1),
  alg: z.literal(SEAL_ALGORITHM),
  use: z.literal('enc'),
});

export type PublicSealingKey = z.infer<typeof publicJwkSchema>;

/** Reads the public half; refuses a file that holds more than that, since a private key has no business here. */
export function readPublicSealingKey(file: string): PublicSealingKey {
  const parsed = publicJwkSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not the public half of a sealing key`);
  return parsed.data;
}

/** The value as a compact JWE that only the holder of the private key opens. */
export async function seal(value: Secret, scope: SealScope, key: PublicSealingKey): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(value.reveal()))
    .setProtectedHeader({ alg: SEAL_ALGORITHM, enc: SEAL_ENCRYPTION, kid: key.kid, ...scope })
    .encrypt(await importJWK(key, SEAL_ALGORITHM));
}
