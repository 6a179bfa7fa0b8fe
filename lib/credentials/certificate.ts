import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { Secret } from '@/lib/secret';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/;

export interface ClientCertificate {
  /** Hexadecimal without colons, as MSAL wants it. */
  thumbprintSha256: string;
  privateKey: Secret;
  expiresAt: Date;
}

/** Reads a PEM that holds a certificate and its private key; throws what is wrong with it, never its text. */
export function clientCertificateFrom(pem: Secret): ClientCertificate {
  const certificateText = CERTIFICATE.exec(pem.reveal())?.[0];
  const keyText = PRIVATE_KEY.exec(pem.reveal())?.[0];
  if (!certificateText) throw new Error('The PEM holds no certificate');
  if (!keyText) throw new Error('The PEM holds no private key');
  const certificate = new X509Certificate(certificateText);
  const privateKey = privateKeyFrom(keyText);
  if (!certificate.checkPrivateKey(privateKey)) throw new Error('The private key does not belong to the certificate');
  if (createPublicKey(privateKey).asymmetricKeyType !== 'rsa') throw new Error('Entra takes RSA certificates only');
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    privateKey: new Secret(keyText),
    expiresAt: new Date(certificate.validTo),
  };
}

function privateKeyFrom(text: string) {
  try {
    return createPrivateKey(text);
  } catch {
    throw new Error('The private key is encrypted or damaged');
  }
}
