import type { NextRequest } from 'next/server';
import { requestOrigin } from '@/lib/access/sessions';
import { receiveConsent } from '@/lib/consent/commands';
import { CONSENT_COOKIE } from '@/lib/consent/cookie';

/** Where Microsoft sends the customer's administrator back. Believes nothing; leads on to a page that says what happened. */
export async function GET(request: NextRequest): Promise<Response> {
  const given = request.nextUrl.searchParams;
  const returned = {
    state: given.get('state') ?? '',
    tenant: given.get('tenant') ?? '',
    error: given.get('error') ?? '',
    errorDescription: given.get('error_description') ?? '',
  };
  const flowCookie = request.cookies.get(CONSENT_COOKIE)?.value ?? null;
  const { outcome, isThisBrowsers } = await receiveConsent(returned, flowCookie, await requestOrigin());
  const location = isThisBrowsers ? '/consent/result' : `/consent/result?outcome=${outcome}`;
  return new Response(null, { status: 303, headers: { location } });
}
