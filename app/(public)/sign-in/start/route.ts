import { isOwnRequest, isWithinRate } from '@/lib/access/request-check';
import { beginSignIn } from '@/lib/access/sign-in';

/** Leads to the partner's Entra sign-in. */
export async function POST(): Promise<Response> {
  if (!(await isOwnRequest())) return new Response(null, { status: 303, headers: { location: '/sign-in' } });
  if (!(await isWithinRate('sign-in'))) return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  return beginSignIn('/');
}
