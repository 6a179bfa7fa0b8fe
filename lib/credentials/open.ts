/** The worker's half of sealing, and the only code that opens a sealed value. */
import 'server-only';
import fs from 'node:fs';
import { compactDecrypt, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import { Secret } from '@/lib/secret';
import { SEAL_ALGORITHM, SEAL_ENCRYPTION, type SealScope } from './seal';

/** Why a value stayed shut: never with the value, nor with the key. */
export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealError';
  }
}

/** Opens what was sealed for exactly that scope. Where the private key lives is the provider's affair. */
export interface SealOpener {
  readonly kid: string;
  open(jwe: string, scope: SealScope): Promise<Secret>;
}

const privateJwkSchema = z.looseObject({ kty: z.literal('RSA'), kid: z.string().min(1), d: z.string() });
const OTHERS_MAY = 0o077;

/** An opener whose private key is a JWK file that its owner alone can read. */
export async function openerFromFile(file: string): Promise<SealOpener> {
  if (process.platform !== 'win32' && (fs.statSync(file).mode & OTHERS_MAY) !== 0) {
    throw new SealError(`${file} can be read by others: give it mode 0600`);
  }
  const parsed = privateJwkSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
  if (!parsed.success) throw new SealError(`${file} is not the private half of a sealing key`);
  const { kid } = parsed.data;
  const key = await importJWK(parsed.data, SEAL_ALGORITHM);
  return {
    kid,
    async open(jwe, scope) {
      const header = decodeProtectedHeader(jwe);
      const expected = { alg: SEAL_ALGORITHM, enc: SEAL_ENCRYPTION, ...scope };
      for (const [name, value] of Object.entries(expected)) {
        if (header[name] !== value) throw new SealError(`A sealed value's "${name}" is not that of its row`);
      }
      if (header['kid'] !== kid)
        throw new SealError(`A sealed value needs the key ${header['kid']}, and this is ${kid}`);
      try {
        const { plaintext } = await compactDecrypt(jwe, key, {
          keyManagementAlgorithms: [SEAL_ALGORITHM],
          contentEncryptionAlgorithms: [SEAL_ENCRYPTION],
        });
        return new Secret(new TextDecoder().decode(plaintext));
      } catch {
        throw new SealError('A sealed value does not open: it was changed, or sealed to another key of that name');
      }
    },
  };
}
