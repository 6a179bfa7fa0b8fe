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

const POSTS_PER_MINUTE = 60;
const limiter = new RateLimiterMemory({ points: POSTS_PER_MINUTE, duration: 60 });

/** Counts one request of a visitor without an account; false when that address asked too often this minute. */
export async function isWithinRate(): Promise<boolean> {
  const { address } = await requestOrigin();
  try {
    await limiter.consume(address ?? 'unknown');
    return true;
  } catch {
    return false;
  }
}
