import { visitorPost } from '@/lib/access/visitor-post';
import { declineInvitation } from '@/lib/consent/commands';

interface Context {
  params: Promise<{ token: string }>;
}

/** The customer's administrator says no. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { token } = await params;
  return visitorPost(`/consent/${encodeURIComponent(token)}`, async (visitor) => {
    await declineInvitation(token, visitor);
    return '/consent/declined';
  });
}
