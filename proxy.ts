import { randomBytes, randomUUID } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { isDevelopment, webEnv } from '@/lib/env';
import { LOCALE_COOKIE, LOCALE_HEADER } from '@/lib/locale-choice';
import { localeFrom } from '@/lib/locales';
import { SESSION_COOKIE } from '@/lib/session-cookie';

/**
 * Sends visitors without a session cookie to sign in and gives each page its content security policy. It guards nothing:
 * every page and route asks for the actor itself, and is as closed with this file deleted.
 */

const PUBLIC_PATH = /^\/(sign-in|sign-out|consent|api|language)(\/|$)/;
const YEAR_SECONDS = 31_536_000;

function contentSecurityPolicy(nonce: string): string {
  const scripts = `'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`;
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // Forms lead on to Microsoft by redirect, which browsers hold against this list too.
    `form-action 'self' ${webEnv().cloud.loginOrigin}`,
  ].join('; ');
}

/** False for an address like `/%E0%A4%A`, which no page can be found by. */
function isReadable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

export function proxy(request: NextRequest): NextResponse {
  const { pathname, searchParams } = request.nextUrl;
  if (!isReadable(pathname)) return new NextResponse('This address can’t be read.', { status: 400 });
  const { publicUrl } = webEnv();
  if (!PUBLIC_PATH.test(pathname) && !request.cookies.has(SESSION_COOKIE)) {
    return NextResponse.redirect(new URL('/sign-in', publicUrl));
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce);
  const requestId = randomUUID();
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  headers.set('x-request-id', requestId);
  const chosen = localeFrom(searchParams.get('lang'));
  headers.delete(LOCALE_HEADER);
  if (chosen) headers.set(LOCALE_HEADER, chosen);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-request-id', requestId);
  response.headers.set('cache-control', 'private, no-store');
  if (publicUrl.startsWith('https://')) {
    response.headers.set('strict-transport-security', `max-age=${YEAR_SECONDS}; includeSubDomains`);
  }
  if (chosen) {
    response.cookies.set(LOCALE_COOKIE, chosen, { sameSite: 'lax', path: '/', maxAge: YEAR_SECONDS, secure: true });
  }
  return response;
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon|icon).*)'] };
