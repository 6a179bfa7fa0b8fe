import { isAppError } from '@/lib/errors';
import { isOwnRequest, isWithinRate } from './request-check';
import { requestOrigin } from './sessions';

const seeOther = (location: string) => new Response(null, { status: 303, headers: { location } });

/** The answer to a form post that is not from our own page, or comes too often from one address; null when it is fine. */
export async function visitorRefusal(kind: string, page: string): Promise<Response | null> {
  if (!(await isOwnRequest())) return seeOther(page);
  if (await isWithinRate(kind)) return null;
  return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
}

/**
 * A form post of somebody without an account: from our own page and not too often, or nothing happens. `run` answers
 * where to go; when what the form was about is gone or taken, the visitor goes back to `page`, which says why.
 */
export async function visitorPost(
  page: string,
  run: (visitor: { address: string | null; requestId: string }) => Promise<string>,
): Promise<Response> {
  const refusal = await visitorRefusal('visitor', page);
  if (refusal) return refusal;
  try {
    return seeOther(await run(await requestOrigin()));
  } catch (error) {
    if (isAppError(error, 'conflict') || isAppError(error, 'not_found')) return seeOther(page);
    throw error;
  }
}
