import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import type { Database } from './database.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The key as it stands in a JWKS document, without the per-tenant `issuer`. */
  jwk: Record<string, unknown>;
}

/** The one key that signs every token; it is kept, so tokens stay valid over a restart. */
export function loadSigningKey(database: Database): SigningKey {
  const row = database.one('SELECT * FROM signing_keys LIMIT 1');
  if (row) return fromPem(String(row['private_pem']), String(row['certificate_pem']));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSignedCertificate(privateKey, 'accounts.accesscontrol.windows.net', 1825);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = fromPem(pem, certificate);
  database.run('INSERT INTO signing_keys VALUES (?, ?, ?)', key.kid, pem, certificate);
  return key;
}

function fromPem(privatePem: string, certificatePem: string): SigningKey {
  const privateKey = createPrivateKey(privatePem);
  const publicKey = createPublicKey(privateKey);
  const der = new X509Certificate(certificatePem).raw;
  const thumbprint = createHash('sha1').update(der).digest('base64url');
  const { n, e } = publicKey.export({ format: 'jwk' });
  const jwk = { kty: 'RSA', use: 'sig', kid: thumbprint, x5t: thumbprint, n, e, x5c: [der.toString('base64')] };
  return { kid: thumbprint, privateKey, publicKey, jwk };
}
