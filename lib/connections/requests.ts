/** What the portal asks the worker to do at Microsoft: the row is the question, and its answer. */
import 'server-only';
import { z } from 'zod';
import { announceChange } from '@/lib/db/changes';
import { asWorker, type InputJsonValue } from '@/lib/db/client';
import { isMicrosoftError } from '@/lib/microsoft/errors';
import { resolveTenant } from '@/lib/microsoft/openid';
import type { Reach } from './reach';

const resolvePayload = z.object({ domainOrTenantId: z.string().min(1).max(253) });

interface Outcome {
  state: 'done' | 'failed';
  answer: InputJsonValue;
}

async function resolved(reach: Reach, payload: unknown): Promise<Outcome> {
  const parsed = resolvePayload.safeParse(payload);
  if (!parsed.success) return { state: 'failed', answer: { code: 'INVALID', kind: 'refused' } };
  try {
    const tenant = await resolveTenant(reach.cloud, reach.transport, parsed.data.domainOrTenantId);
    return { state: 'done', answer: { ...tenant } };
  } catch (error) {
    if (!isMicrosoftError(error)) throw error;
    const code = error.aadsts ? String(error.aadsts) : null;
    return { state: 'failed', answer: { code, kind: error.kind } };
  }
}

/** Ids of the questions that nobody answered yet, oldest first. */
export async function openRequests(most: number): Promise<string[]> {
  const rows = await asWorker((db) =>
    db.request.findMany({ where: { state: 'open' }, orderBy: { createdAt: 'asc' }, take: most, select: { id: true } }),
  );
  return rows.map(({ id }) => id);
}

/** Answers one question, if it is still open. */
export async function answerRequest(reach: Reach, requestId: string): Promise<void> {
  const request = await asWorker((db) => db.request.findFirst({ where: { id: requestId, state: 'open' } }));
  if (!request) return;
  const outcome: Outcome =
    request.kind === 'resolve_tenant'
      ? await resolved(reach, request.payload)
      : { state: 'failed', answer: { code: 'UNKNOWN_KIND', kind: 'refused' } };
  await asWorker(async (db) => {
    await db.$executeRaw`
      UPDATE request SET state = ${outcome.state}, answer = ${JSON.stringify(outcome.answer)}::jsonb,
        finished_at = clock_timestamp()
      WHERE id = ${requestId}::uuid AND state = 'open'`;
    await announceChange(db, { kind: 'request', requestId });
  });
}
