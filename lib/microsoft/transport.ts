/**
 * The only code that opens connections to Microsoft: to the login and Graph origins of the configured cloud and nowhere
 * else, never through a redirect, with a time limit and a size limit on every exchange.
 */
import { randomUUID } from 'node:crypto';
import type { Cloud } from '@/lib/cloud';
import { MicrosoftError, retryAfterMsOf } from './errors';

const BODY_MAX_BYTES = 32 * 1024 * 1024;

export interface Exchange {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Ends the exchange early, for a worker that shuts down. */
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Answers with any status; rejects with a `MicrosoftError` when there was no whole answer. */
export type Transport = (exchange: Exchange) => Promise<Answer>;

async function textOf(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_MAX_BYTES)
      throw new MicrosoftError('unexpected', `An answer is larger than ${BODY_MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Names the failure below `fetch failed` (ECONNREFUSED, UND_ERR_SOCKET …), which is the one that says something. */
function reasonOf(error: unknown): string {
  const { cause, message, name } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (name === 'TimeoutError' ? 'timed out' : message);
}

/** A transport to that cloud's two origins. */
export function transportTo(cloud: Cloud, timeoutMs: number): Transport {
  const origins = new Set([cloud.loginOrigin, cloud.graphOrigin]);

  async function once(exchange: Exchange): Promise<Answer> {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = exchange.signal ? AbortSignal.any([limit, exchange.signal]) : limit;
    const response = await fetch(exchange.url, {
      method: exchange.method,
      headers: { 'client-request-id': randomUUID(), ...exchange.headers },
      redirect: 'manual',
      signal,
      ...(exchange.body === undefined ? {} : { body: exchange.body }),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new MicrosoftError('unexpected', 'A redirect was not followed', { status: response.status });
    }
    return { status: response.status, headers: response.headers, text: await textOf(response) };
  }

  return async (exchange) => {
    const { origin } = new URL(exchange.url);
    if (!origins.has(origin)) throw new MicrosoftError('unexpected', `${origin} is not one of this cloud's origins`);
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(exchange);
      } catch (error) {
        if (error instanceof MicrosoftError) throw error;
        exchange.signal?.throwIfAborted();
        const isTimeout = (error as Error).name === 'TimeoutError';
        // A reused connection that the server had just closed fails at once: that is worth one more try. Every request
        // we send may be repeated safely (reads, and client-credential token requests).
        if (attempt === 1 && !isTimeout) continue;
        const message = `${exchange.method} ${new URL(exchange.url).pathname}: ${reasonOf(error)}`;
        throw new MicrosoftError('unreachable', message, { cause: error });
      }
    }
  };
}

/** A `MicrosoftError` for the statuses that mean the same at every endpoint; null for the others. */
export function commonFailure(answer: Answer): MicrosoftError | null {
  const details = {
    status: answer.status,
    retryAfterMs: retryAfterMsOf(answer.headers),
    requestId: answer.headers.get('request-id') ?? answer.headers.get('x-ms-request-id') ?? undefined,
  };
  if (answer.status === 429) return new MicrosoftError('throttled', 'Too many requests', details);
  if (answer.status >= 500) return new MicrosoftError('server_error', `Microsoft answered ${answer.status}`, details);
  return null;
}
