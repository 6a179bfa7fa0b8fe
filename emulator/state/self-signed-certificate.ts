import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

// Node parses X.509 but cannot make one; the few structures needed are written in DER by hand.
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const SEQUENCE = 0x30;
const SHA256_WITH_RSA = tlv(SEQUENCE, Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');

function distinguishedName(commonName: string): Buffer {
  return tlv(SEQUENCE, tlv(0x31, tlv(SEQUENCE, COMMON_NAME, tlv(0x0c, Buffer.from(commonName)))));
}

function generalizedTime(at: Date): Buffer {
  return tlv(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));
}

/** A PEM certificate over an RSA key, signed by that key: for the JWKS document, and for tests of client assertions. */
export function selfSignedCertificate(privateKey: KeyObject, commonName: string, days: number): string {
  const from = new Date(Date.now() - 3_600_000);
  const until = new Date(Date.now() + days * 86_400_000);
  const serial = randomBytes(12);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const body = tlv(
    SEQUENCE,
    tlv(0xa0, Buffer.from('020102', 'hex')),
    tlv(0x02, serial),
    SHA256_WITH_RSA,
    distinguishedName(commonName),
    tlv(SEQUENCE, generalizedTime(from), generalizedTime(until)),
    distinguishedName(commonName),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, privateKey);
  const der = tlv(SEQUENCE, body, SHA256_WITH_RSA, tlv(0x03, Buffer.from([0]), signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
