import { Random } from '../random.ts';
import { type Call, type Delivery, json, type Reply } from './exchange.ts';

const STATUS_KINDS = ['status-429', 'status-500', 'status-502', 'status-503', 'status-504'] as const;
const DELIVERY_KINDS = [
  'reset-before-headers',
  'reset-mid-body',
  'stall',
  'slow-drip',
  'wrong-content-length',
] as const;
const BODY_KINDS = [
  'truncated-json',
  'html-body',
  'partial-206',
  'empty-page',
  'next-link-loop',
  'next-link-foreign',
] as const;

export const FAULT_KINDS: readonly string[] = [...STATUS_KINDS, ...DELIVERY_KINDS, ...BODY_KINDS];

export interface FaultRule {
  tenantId: string | null;
  pathPattern: string | null;
  kind: string;
  probability: number;
  /** How many more times it may strike; null is without end. */
  remaining: number | null;
  seed: number;
  retryAfter: 'seconds' | 'http-date' | 'none' | 'absurd' | number;
}

/** The faults in force. Each rule rolls its own seeded dice, so a run can be had again. */
export class Faults {
  private rules: { rule: FaultRule; random: Random }[] = [];

  add(rule: FaultRule): void {
    this.rules.push({ rule, random: new Random(rule.seed, rule.kind, rule.tenantId ?? '*') });
  }

  clear(): void {
    this.rules = [];
  }

  list(): FaultRule[] {
    return this.rules.map(({ rule }) => rule);
  }

  /** The first rule that strikes this call, used up by one. */
  strike(call: Call, tenantId: string | null): FaultRule | null {
    for (const { rule, random } of this.rules) {
      if (rule.remaining === 0) continue;
      if (rule.tenantId !== null && rule.tenantId !== tenantId) continue;
      if (rule.pathPattern !== null && !new RegExp(rule.pathPattern).test(call.url.pathname)) continue;
      if (!random.chance(rule.probability)) continue;
      if (rule.remaining !== null) rule.remaining -= 1;
      return rule;
    }
    return null;
  }
}

function retryAfterHeader(rule: FaultRule): Record<string, string> {
  if (typeof rule.retryAfter === 'number') return { 'retry-after': String(rule.retryAfter) };
  if (rule.retryAfter === 'none') return {};
  if (rule.retryAfter === 'absurd') return { 'retry-after': '3600' };
  if (rule.retryAfter === 'http-date') return { 'retry-after': new Date(Date.now() + 5000).toUTCString() };
  return { 'retry-after': '5' };
}

/** A fault that replaces the answer before any work is done, so that a failed call has no side effect. */
export function refusalOf(rule: FaultRule, call: Call): Reply | null {
  const status = (STATUS_KINDS as readonly string[]).includes(rule.kind) ? Number(rule.kind.slice(7)) : null;
  if (status === null) return null;
  const codes: Record<number, string> = { 429: 'TooManyRequests', 503: 'ServiceUnavailable', 504: 'GatewayTimeout' };
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': call.requestId,
    'client-request-id': call.clientRequestId ?? call.requestId,
  };
  const error = { code: codes[status] ?? 'UnknownError', message: 'Injected fault.', innerError };
  const headers = status === 429 || status === 503 ? retryAfterHeader(rule) : {};
  return json(status, { error }, headers);
}

/** Waiting time a refusal announces, or null. */
export function announcedWaitMs(reply: Reply): number | null {
  const header = reply.headers['retry-after'];
  if (header === undefined) return null;
  return /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
}

/** A fault in how a finished answer arrives. */
export function spoil(rule: FaultRule, call: Call, reply: Reply): Reply {
  if ((DELIVERY_KINDS as readonly string[]).includes(rule.kind)) return { ...reply, delivery: rule.kind as Delivery };
  if (rule.kind === 'truncated-json') return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
  if (rule.kind === 'html-body') {
    const headers = { ...reply.headers, 'content-type': 'text/html' };
    return { ...reply, headers, body: '<html><body><h1>Our services are not available right now</h1></body></html>' };
  }
  if (!reply.headers['content-type']?.startsWith('application/json')) return reply;
  const page = JSON.parse(reply.body || '{}') as { value?: unknown[]; '@odata.nextLink'?: string };
  if (!Array.isArray(page.value)) return reply;
  if (rule.kind === 'partial-206') {
    page.value = page.value.slice(0, Math.ceil(page.value.length / 2));
    const headers = { ...reply.headers, warning: '199 - "Microsoft/Defender/504/10000"' };
    return { status: 206, headers, body: JSON.stringify(page) };
  }
  if (rule.kind === 'empty-page') page.value = [];
  // An empty page still says where to go on: it is odd, not a lie about completeness.
  if (rule.kind !== 'next-link-foreign') page['@odata.nextLink'] = call.url.href;
  if (rule.kind === 'next-link-foreign') {
    page['@odata.nextLink'] = call.url.href.replace(call.url.origin, 'http://graph.attacker.example');
  }
  return { ...reply, body: JSON.stringify(page) };
}
