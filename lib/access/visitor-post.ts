import { isAppError } from '@/lib/errors';
import { isOwnRequest, isWithinRate } from './request-check';
import { requestOrigin } from './sessions';

const seeOther = (location: string) => new Response(null, { status: 303, headers: { location } });

/**
 * A form post of somebody without an account: from our own page and not too often, or nothing happens. `run` answers
 * where to go; when what the form was about is gone or taken, the visitor goes back to `page`, which says why.
 */
export async function visitorPost(
  page: string,
  run: (visitor: { address: string | null; requestId: string }) => Promise<string>,
): Promise<Response> {
  if (!(await isOwnRequest())) return seeOther(page);
  if (!(await isWithinRate('visitor'))) return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  try {
    return seeOther(await run(await requestOrigin()));
  } catch (error) {
    if (isAppError(error, 'conflict') || isAppError(error, 'not_found')) return seeOther(page);
    throw error;
  }
}
