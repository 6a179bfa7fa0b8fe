import type { NextRequest } from 'next/server';
import { nextAuthRoute } from '@/lib/access/sign-in';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

export function GET(request: NextRequest, context: Context): Promise<Response> {
  return nextAuthRoute(request, context);
}
