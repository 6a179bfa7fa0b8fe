import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isGuid } from '../state/tenants.ts';

const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

export interface Call {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  requestId: string;
  /** What the caller sent as `client-request-id`, when it is a GUID. */
  clientRequestId: string | null;
}

/** How the bytes leave: whole, or broken in one of the ways a network breaks them. */
export type Delivery = 'reset-before-headers' | 'reset-mid-body' | 'stall' | 'slow-drip' | 'wrong-content-length';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  delivery?: Delivery;
}

export async function readCall(request: IncomingMessage, origin: string): Promise<Call> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw new Error('Request body too large');
    chunks.push(chunk);
  }
  const sent = request.headers['client-request-id'];
  return {
    method: request.method ?? 'GET',
    // A path that starts with two slashes would otherwise be read as a host.
    url: new URL(origin + (request.url ?? '/').replace(/^\/{2,}/, '/')),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    requestId: randomUUID(),
    clientRequestId: typeof sent === 'string' && isGuid(sent) ? sent : null,
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function redirect(location: string): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store, no-cache' }, body: '' };
}

/** The decoded path segments after the first slash; a malformed escape stays as it was sent. */
export function pathSegments(url: URL): string[] {
  return url.pathname
    .split('/')
    .slice(1)
    .map((segment) => {
      try {
        return decodeURIComponent(segment);
      } catch {
        return segment;
      }
    });
}

/** The members of a JSON object, or null for anything else. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
