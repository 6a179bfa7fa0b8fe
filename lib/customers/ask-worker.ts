import type { Actor } from '@/lib/access/actor';
import { announceChange, onChange } from '@/lib/db/changes';
import { asActor, type InputJsonValue } from '@/lib/db/client';
import { AppError } from '@/lib/errors';

const DEADLINE_MS = 15_000;
const REREAD_MS = 1_000;

/** The worker's answer to a request of the portal's. */
export interface WorkerAnswer {
  state: 'done' | 'failed';
  answer: Record<string, unknown>;
}

/**
 * Asks the worker for something only it can do (speaking to Microsoft) and waits for the answer. Throws `unavailable`
 * when none comes in time; the request stays, and the worker may still answer it.
 */
export async function askWorker(actor: Actor, kind: string, payload: InputJsonValue): Promise<WorkerAnswer> {
  const waiting = { requestId: '', wake: () => {} };
  const stop = onChange('web', (change) => {
    if (change === 'reconnected' || change.requestId === waiting.requestId) waiting.wake();
  });
  try {
    waiting.requestId = await asActor(actor.userId, async (db) => {
      const request = await db.request.create({ data: { kind, payload, requestedBy: actor.userId } });
      await announceChange(db, { kind: 'request', requestId: request.id });
      return request.id;
    });
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const request = await asActor(actor.userId, (db) =>
        db.request.findFirst({ where: { id: waiting.requestId, requestedBy: actor.userId } }),
      );
      if (request?.state === 'done' || request?.state === 'failed') {
        return { state: request.state, answer: (request.answer ?? {}) as Record<string, unknown> };
      }
      if (Date.now() > deadline) throw new AppError('unavailable', 'workerSilent');
      // A notice may be missed while the listening connection is being made, so the row is read again anyway.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, REREAD_MS);
        waiting.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    stop();
  }
}
