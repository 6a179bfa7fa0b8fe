import type { NextRequest } from 'next/server';
import { finishSignIn } from '@/lib/access/sign-in';

/** Where Entra sends people back. The only endpoint of next-auth's that is reachable from outside. */
export function GET(request: NextRequest): Promise<Response> {
  return finishSignIn(request);
}
