import { beginSignIn } from '@/lib/access/sign-in';
import { visitorRefusal } from '@/lib/access/visitor-post';

/** Leads to the partner's Entra sign-in. */
export async function POST(): Promise<Response> {
  return (await visitorRefusal('sign-in', '/sign-in')) ?? beginSignIn('/');
}
