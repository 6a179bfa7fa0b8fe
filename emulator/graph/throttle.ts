import type { Cloud } from '../cloud.ts';
import type { Call } from '../http/exchange.ts';
import type { Tenant } from '../state/tenants.ts';
import { GraphFailure } from './graph-error.ts';

const WINDOW_MS = 60_000;
// Timers may fire a moment before their time.
const TOLERANCE_MS = 5;

interface Verdict {
  early: boolean;
  refusal: GraphFailure | null;
}

/** The budget a call draws on: incidents, alerts (three times as large), hunting (45 a minute). */
function budgetOf(call: Call, tenant: Tenant): { name: string; perMinute: number } {
  const path = call.url.pathname;
  if (path.includes('/security/alerts_v2')) return { name: 'alerts', perMinute: tenant.scenario.throttlePerMinute * 3 };
  if (path.endsWith('/runHuntingQuery')) return { name: 'hunting', perMinute: 45 };
  if (path.includes('/security/')) return { name: 'incidents', perMinute: tenant.scenario.throttlePerMinute };
  return { name: 'other', perMinute: 10_000 };
}

function stateOf(cloud: Cloud, key: string) {
  const known = cloud.throttles.get(key);
  if (known) return known;
  const fresh = { calls: [], blockedUntilMs: 0 };
  cloud.throttles.set(key, fresh);
  return fresh;
}

function keyOf(call: Call, tenant: Tenant, appId: string): string {
  return `${appId}|${tenant.tid}|${budgetOf(call, tenant).name}`;
}

/** One minute, per application and tenant: https://learn.microsoft.com/graph/throttling-limits */
export function admit(cloud: Cloud, call: Call, tenant: Tenant, appId: string): Verdict {
  const { perMinute } = budgetOf(call, tenant);
  const state = stateOf(cloud, keyOf(call, tenant, appId));
  const now = Date.now();
  const early = now + TOLERANCE_MS < state.blockedUntilMs;
  state.calls = state.calls.filter((at) => at > now - WINDOW_MS);
  if (state.calls.length < perMinute) {
    state.calls.push(now);
    return { early, refusal: null };
  }
  const seconds = Math.max(1, Math.ceil(((state.calls[0] ?? now) + WINDOW_MS - now) / 1000));
  state.blockedUntilMs = Math.max(state.blockedUntilMs, now + seconds * 1000);
  const message = 'Too many requests. Please retry after the time given in the Retry-After header.';
  return { early, refusal: new GraphFailure(429, 'TooManyRequests', message, { 'retry-after': String(seconds) }) };
}

/** Remembers a wait that an injected fault announced, so that calls before its end are seen as early. */
export function announceWait(cloud: Cloud, call: Call, tenant: Tenant, appId: string, waitMs: number): void {
  const state = stateOf(cloud, keyOf(call, tenant, appId));
  state.blockedUntilMs = Math.max(state.blockedUntilMs, Date.now() + waitMs);
}
