import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, base64url: for links, states, cookies and sessions. Only its hash is stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a token, base64url: what the database keeps. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Compares without telling by its timing how much was right. */
export function isSameToken(left: string, right: string): boolean {
  const a = Buffer.from(hashOfToken(left));
  const b = Buffer.from(hashOfToken(right));
  return timingSafeEqual(a, b);
}
