import { cookies } from 'next/headers';
import { visitorPost } from '@/lib/access/visitor-post';
import { beginConsent } from '@/lib/consent/commands';
import { CONSENT_COOKIE, CONSENT_COOKIE_OPTIONS } from '@/lib/consent/cookie';

interface Context {
  params: Promise<{ token: string }>;
}

/** The customer's administrator continues to Microsoft. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { token } = await params;
  return visitorPost(`/consent/${encodeURIComponent(token)}`, async (visitor) => {
    const { url, flowCookie } = await beginConsent(token, visitor);
    (await cookies()).set(CONSENT_COOKIE, flowCookie, CONSENT_COOKIE_OPTIONS);
    return url;
  });
}
