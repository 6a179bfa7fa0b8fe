import { isOwnRequest, isWithinRate } from '@/lib/access/request-check';
import { requestOrigin } from '@/lib/access/sessions';
import { declineInvitation } from '@/lib/consent/commands';
import { isAppError } from '@/lib/errors';

interface Context {
  params: Promise<{ token: string }>;
}

/** The customer's administrator says no. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { token } = await params;
  const page = `/consent/${encodeURIComponent(token)}`;
  if (!(await isOwnRequest())) return new Response(null, { status: 303, headers: { location: page } });
  if (!(await isWithinRate('consent'))) return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  try {
    await declineInvitation(token, await requestOrigin());
    return new Response(null, { status: 303, headers: { location: '/consent/declined' } });
  } catch (error) {
    if (isAppError(error, 'conflict') || isAppError(error, 'not_found')) {
      return new Response(null, { status: 303, headers: { location: page } });
    }
    throw error;
  }
}
