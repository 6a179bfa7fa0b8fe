import type { NextRequest } from 'next/server';
import { isWithinRate } from '@/lib/access/request-check';
import { requestOrigin } from '@/lib/access/sessions';
import { receiveConsent } from '@/lib/consent/commands';
import { CONSENT_COOKIE } from '@/lib/consent/cookie';

// PostgreSQL takes no NUL, and no parameter of Microsoft's holds a control character that means something to us.
const plain = (value: string | null) => (value ?? '').replace(/\p{Cc}/gu, ' ');

/** Where Microsoft sends the customer's administrator back. Believes nothing; leads on to a page that says what happened. */
export async function GET(request: NextRequest): Promise<Response> {
  if (!(await isWithinRate('callback'))) return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  const given = request.nextUrl.searchParams;
  const returned = {
    state: plain(given.get('state')),
    tenant: plain(given.get('tenant')),
    error: plain(given.get('error')),
    errorDescription: plain(given.get('error_description')),
  };
  const flowCookie = request.cookies.get(CONSENT_COOKIE)?.value ?? null;
  const { outcome, isThisBrowsers } = await receiveConsent(returned, flowCookie, await requestOrigin());
  const location = isThisBrowsers ? '/consent/result' : `/consent/result?outcome=${outcome}`;
  return new Response(null, { status: 303, headers: { location } });
}
