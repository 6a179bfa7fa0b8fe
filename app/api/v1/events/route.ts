import { findActor } from '@/lib/access/sessions';
import { isAppError } from '@/lib/errors';
import { type LiveKind, type Watch, watchChanges } from '@/lib/incidents/live';

const BEAT_MS = 15_000;
const ACTOR_CHECK_MS = 60_000;
const GATHER_MS = 250;
const RETRY_MS = 3_000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  // Proxies that gather answers would hold notices back.
  'x-accel-buffering': 'no',
};

function refusal(status: number, code: string): Response {
  return Response.json({ code }, { status, headers: { 'cache-control': 'private, no-store' } });
}

/** Gathers what comes in quick succession, so that a sync of hundreds of rows is one notice. */
function gathered(send: (kind: LiveKind) => void): (kind: LiveKind) => void {
  const waiting = new Set<LiveKind>();
  return (kind) => {
    if (waiting.size === 0) {
      setTimeout(() => {
        const kinds = [...waiting];
        waiting.clear();
        for (const each of kinds) send(each);
      }, GATHER_MS).unref();
    }
    waiting.add(kind);
  };
}

/**
 * Server-sent events: that something changed among what the reader may see, by kind and nothing more. Ends when the
 * session does.
 */
export async function GET(request: Request): Promise<Response> {
  let watch: Watch | undefined;
  let end = () => {};
  try {
    const actor = await findActor();
    if (!actor) return refusal(401, 'signed_out');
    const encoder = new TextEncoder();
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const write = (text: string) => {
      try {
        controller?.enqueue(encoder.encode(text));
      } catch {
        end();
      }
    };
    watch = await watchChanges(
      actor,
      gathered((kind) => write(`event: ${kind}\ndata: {}\n\n`)),
    );
    const beat = setInterval(() => write(': beat\n\n'), BEAT_MS);
    const check = setInterval(() => {
      findActor()
        .then((current) => (current && current.userId === actor.userId ? watch?.refresh(current) : end()))
        // A database that is down for a moment ends nobody's session; the next check asks again.
        .catch((error: unknown) => (isAppError(error, 'unavailable') ? undefined : end()));
    }, ACTOR_CHECK_MS);
    let isEnded = false;
    end = () => {
      if (isEnded) return;
      isEnded = true;
      clearInterval(beat);
      clearInterval(check);
      watch?.stop();
      try {
        controller?.close();
      } catch {
        // The browser has closed it already.
      }
    };
    request.signal.addEventListener('abort', () => end());
    const stream = new ReadableStream<Uint8Array>({
      start(opened) {
        controller = opened;
        write(`retry: ${RETRY_MS}\n\n`);
      },
      cancel: () => end(),
    });
    return new Response(stream, { headers: HEADERS });
  } catch (error) {
    end();
    watch?.stop();
    if (isAppError(error, 'unavailable')) return refusal(503, 'unavailable');
    throw error;
  }
}
