import { headers } from 'next/headers';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { webEnv } from '@/lib/env';
import { requestOrigin } from './sessions';

/**
 * True when the browser says that one of our own pages sent this request. Route handlers have no check of their own;
 * a missing or null Origin is a no.
 */
export async function isOwnRequest(): Promise<boolean> {
  const incoming = await headers();
  const site = incoming.get('sec-fetch-site');
  if (site && site !== 'same-origin') return false;
  return incoming.get('origin') === webEnv().publicUrl;
}

const REQUESTS_PER_MINUTE = 60;
const limiter = new RateLimiterMemory({ points: REQUESTS_PER_MINUTE, duration: 60 });

/**
 * Counts one request of a kind; false when it came too often this minute from one address, or from `who` if given. Each
 * process counts for itself.
 */
export async function isWithinRate(kind: string, who?: string): Promise<boolean> {
  const asker = who ?? (await requestOrigin()).address ?? 'unknown';
  try {
    await limiter.consume(`${kind} ${asker}`);
    return true;
  } catch {
    return false;
  }
}
