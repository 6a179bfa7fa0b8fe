/**
 * Sign-in by the partner's own Entra tenant. next-auth runs the protocol; sessions, people and rights are ours, and an
 * identity is its (tid, oid), never a mail address or a user name that can change hands.
 */
import { cookies } from 'next/headers';
import { NextRequest } from 'next/server';
import NextAuth, { type AuthOptions, type Profile } from 'next-auth';
import type { Adapter, AdapterUser } from 'next-auth/adapters';
import AzureADProvider from 'next-auth/providers/azure-ad';
import { recordAudit } from '@/lib/audit/events';
import { asNobody } from '@/lib/db/client';
import { webEnv } from '@/lib/env';
import { log } from '@/lib/log';
import { SESSION_COOKIE } from '@/lib/session-cookie';
import { openSession, requestOrigin, SESSION_COOKIE_OPTIONS, SESSION_HOURS_MAX } from './sessions';

const PROVIDER = 'azure-ad';

interface EntraProfile extends Profile {
  oid?: string;
  tid?: string;
  preferred_username?: string;
}

interface Identity {
  entraTenantId: string;
  entraObjectId: string;
}

const accountIdOf = ({ entraTenantId, entraObjectId }: Identity) => `${entraTenantId}:${entraObjectId}`;

function identityFrom(accountId: string): Identity {
  const [entraTenantId = '', entraObjectId = ''] = accountId.split(':');
  return { entraTenantId, entraObjectId };
}

// next-auth wants a mail address on a user; ours have none that identifies them.
const adapterUser = (id: string, name: string): AdapterUser => ({ id, name, email: '', emailVerified: null });

const adapter: Adapter = {
  async getUserByAccount({ providerAccountId }) {
    const user = await asNobody((db) =>
      db.user.findUnique({ where: { entraTenantId_entraObjectId: identityFrom(providerAccountId) } }),
    );
    return user ? adapterUser(user.id, user.displayName) : null;
  },
  async createUser(profile: Omit<AdapterUser, 'id'> & Partial<Identity> & { userName?: string }) {
    const { entraTenantId, entraObjectId } = profile;
    if (!entraTenantId || !entraObjectId) throw new Error('A sign-in came without tid or oid');
    const displayName = profile.name ?? profile.userName ?? entraObjectId;
    const created = await asNobody((db) =>
      db.user.create({
        data: { entraTenantId, entraObjectId, displayName, userName: profile.userName ?? entraObjectId },
      }),
    );
    return adapterUser(created.id, displayName);
  },
  async getUser(id) {
    const user = await asNobody((db) => db.user.findUnique({ where: { id } }));
    return user ? adapterUser(user.id, user.displayName) : null;
  },
  // People are never found by mail, and the account's tokens are not kept.
  getUserByEmail: () => null,
  linkAccount: () => undefined,
  updateUser: async (user) => adapterUser(user.id, user.name ?? ''),
  async createSession({ sessionToken, userId }) {
    return { sessionToken, userId, ...(await openSession(userId, sessionToken)) };
  },
  // next-auth would link a new identity to whoever is signed in; to it, nobody ever is.
  getSessionAndUser: () => null,
  updateSession: () => null,
  deleteSession: () => undefined,
};

async function mayEnter(identity: Identity, userName: string): Promise<boolean> {
  const env = webEnv();
  const origin = await requestOrigin();
  return asNobody(async (db) => {
    const known = await db.user.findUnique({ where: { entraTenantId_entraObjectId: identity } });
    const isForeign = identity.entraTenantId !== env.signInTenantId;
    if (!isForeign && known?.status !== 'disabled') return true;
    await recordAudit(db, {
      actor: {
        kind: 'user',
        entraTenantId: identity.entraTenantId,
        objectId: identity.entraObjectId,
        name: userName,
        ...origin,
      },
      action: 'session.sign_in',
      result: 'refused',
      target: userName,
      reason: isForeign ? 'foreign_tenant' : 'disabled',
    });
    return false;
  });
}

function authOptions(): AuthOptions {
  const env = webEnv();
  return {
    adapter,
    secret: env.nextAuthSecret.reveal(),
    useSecureCookies: true,
    session: { strategy: 'database', maxAge: SESSION_HOURS_MAX * 3600 },
    cookies: { sessionToken: { name: SESSION_COOKIE, options: SESSION_COOKIE_OPTIONS } },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    providers: [
      AzureADProvider({
        clientId: env.signInClientId,
        clientSecret: env.signInClientSecret.reveal(),
        tenantId: env.signInTenantId,
        wellKnown: `${env.cloud.loginOrigin}/${env.signInTenantId}/v2.0/.well-known/openid-configuration`,
        checks: ['pkce', 'state', 'nonce'],
        authorization: { params: { scope: 'openid profile', prompt: 'select_account' } },
        // The provider's own would fetch a photo from a fixed host.
        profile: (claims) => {
          const identity = { entraTenantId: String(claims.tid), entraObjectId: String(claims.oid) };
          return {
            id: accountIdOf(identity),
            name: claims.name,
            email: null,
            ...identity,
            userName: (claims as EntraProfile).preferred_username,
          };
        },
      }),
    ],
    callbacks: {
      signIn: ({ profile }) => {
        const claims = profile as EntraProfile | undefined;
        if (!claims?.tid || !claims.oid) return false;
        const identity = { entraTenantId: claims.tid, entraObjectId: claims.oid };
        return mayEnter(identity, claims.preferred_username ?? claims.oid);
      },
      redirect: ({ url }) => (url.startsWith(`${env.publicUrl}/`) ? url : env.publicUrl),
    },
    logger: {
      error: (code, metadata) => log.warn({ code, reason: reasonOf(metadata) }, 'Sign-in failed'),
      warn: (code) => log.debug({ code }, 'next-auth warns'),
      debug: () => undefined,
    },
  };
}

function reasonOf(metadata: unknown): string {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown })?.error;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
}

// Called in process for each step: next-auth's own routes would, among other things, end a session that they don't know.
async function callAuth(nextauth: string[], request: NextRequest): Promise<Response> {
  const context = { params: Promise.resolve({ nextauth }) };
  const handler = NextAuth(authOptions()) as (request: NextRequest, context: object) => Promise<Response>;
  return handler(request, context);
}

/** Takes somebody who comes back from Entra: checks the answer, starts a session and leads on. */
export async function finishSignIn(request: NextRequest): Promise<Response> {
  const response = await callAuth(['callback', PROVIDER], request);
  const location = URL.parse(response.headers.get('location') ?? '', webEnv().publicUrl);
  if (!location?.pathname.startsWith('/api/auth/')) return response;
  // next-auth would lead to its own error route, which leads on to the sign-in page with the same code.
  response.headers.set(
    'location',
    `/sign-in?error=${encodeURIComponent(location.searchParams.get('error')?.slice(0, 40) ?? 'Callback')}`,
  );
  return response;
}

/**
 * Sends the browser to Entra, without any script in the page: asks next-auth for its CSRF token as a page would, and
 * posts it back. `returnTo` is a path of ours.
 */
export async function beginSignIn(returnTo: string): Promise<Response> {
  const { publicUrl } = webEnv();
  const step = (nextauth: string[], init?: { method: string; body: URLSearchParams }) =>
    callAuth(nextauth, new NextRequest(`${publicUrl}/api/auth/${nextauth.join('/')}`, init));
  const csrf = await step(['csrf']);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const jar = await cookies();
  for (const header of csrf.headers.getSetCookie()) {
    const [pair = ''] = header.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const value = decodeURIComponent(pair.slice(pair.indexOf('=') + 1));
    if (name.includes('csrf-token')) jar.set(name, value, SESSION_COOKIE_OPTIONS);
  }
  const body = new URLSearchParams({ csrfToken, callbackUrl: `${publicUrl}${returnTo}` });
  return step(['signin', PROVIDER], { method: 'POST', body });
}
