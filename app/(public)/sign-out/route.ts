import { isOwnRequest } from '@/lib/access/request-check';
import { closeSession } from '@/lib/access/sessions';

export async function POST(): Promise<Response> {
  if (await isOwnRequest()) await closeSession();
  return new Response(null, { status: 303, headers: { location: '/sign-in' } });
}
