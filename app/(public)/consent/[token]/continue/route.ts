import { cookies } from 'next/headers';
import { isOwnRequest, isWithinRate } from '@/lib/access/request-check';
import { requestOrigin } from '@/lib/access/sessions';
import { beginConsent } from '@/lib/consent/commands';
import { CONSENT_COOKIE, CONSENT_COOKIE_OPTIONS } from '@/lib/consent/cookie';
import { isAppError } from '@/lib/errors';

interface Context {
  params: Promise<{ token: string }>;
}

/** The customer's administrator continues to Microsoft. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { token } = await params;
  const page = `/consent/${encodeURIComponent(token)}`;
  if (!(await isOwnRequest())) return new Response(null, { status: 303, headers: { location: page } });
  if (!(await isWithinRate('consent'))) return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  try {
    const { url, flowCookie } = await beginConsent(token, await requestOrigin());
    (await cookies()).set(CONSENT_COOKIE, flowCookie, CONSENT_COOKIE_OPTIONS);
    return new Response(null, { status: 303, headers: { location: url } });
  } catch (error) {
    // The page itself says why the link is no longer good.
    if (isAppError(error, 'conflict') || isAppError(error, 'not_found')) {
      return new Response(null, { status: 303, headers: { location: page } });
    }
    throw error;
  }
}
