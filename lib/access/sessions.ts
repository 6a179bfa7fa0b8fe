/**
 * Sessions in the database: hashed at rest, 30 minutes idle, 12 hours at most, gone at once on sign-out, disable or a
 * change of roles.
 */
import { isIP } from 'node:net';
import { cookies, headers } from 'next/headers';
import { type AuditActor, recordAudit } from '@/lib/audit/events';
import { asNobody, type Db } from '@/lib/db/client';
import { SESSION_COOKIE } from '@/lib/session-cookie';
import { hashOfToken, newToken } from '@/lib/token';
import { type Actor, auditActorOf } from './actor';
import { roleFrom } from './permissions';

export const SESSION_HOURS_MAX = 12;
const IDLE_MINUTES_MAX = 30;
const TOUCH_SECONDS = 30;

/** Options of the session cookie; `secure` holds on http://localhost too, where browsers accept it. */
export const SESSION_COOKIE_OPTIONS = { httpOnly: true, sameSite: 'lax', path: '/', secure: true } as const;

/** Where the request came from and its id, for the audit log. */
export async function requestOrigin(): Promise<{ address: string | null; requestId: string }> {
  const incoming = await headers();
  // The last entry is the nearest hop's own word; what stands before it is anybody's.
  const forwarded = incoming.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return {
    address: isIP(forwarded) ? forwarded : null,
    requestId: incoming.get('x-request-id') ?? crypto.randomUUID(),
  };
}

/** The signed-in person of this request, or null. Counts as use of the session: a page that is watched stays open. */
export async function findActor(): Promise<Actor | null> {
  const token = (await cookies()).get(SESSION_COOKIE)?.value;
  if (!token) return null;
  const tokenHash = hashOfToken(token);
  const found = await asNobody(async (db) => {
    // By the database's clock, so that a web server with a wrong one neither keeps nor ends sessions.
    const live = await db.$queryRaw<{ user_id: string; stale: boolean }[]>`
      SELECT user_id, last_seen_at < clock_timestamp() - make_interval(secs => ${TOUCH_SECONDS}) AS stale
      FROM session
      WHERE token_hash = ${tokenHash} AND expires_at > clock_timestamp()
        AND last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES_MAX})`;
    const [session] = live;
    if (!session) return null;
    if (session.stale) {
      await db.$executeRaw`UPDATE session SET last_seen_at = clock_timestamp() WHERE token_hash = ${tokenHash}`;
    }
    return db.user.findFirst({
      where: { id: session.user_id, status: 'active' },
      include: { roles: { select: { role: true } } },
    });
  });
  if (!found) return null;
  return {
    userId: found.id,
    entraTenantId: found.entraTenantId,
    entraObjectId: found.entraObjectId,
    displayName: found.displayName,
    roles: found.roles.flatMap(({ role }) => roleFrom(role) ?? []),
    seesAllCustomers: found.seesAllCustomers,
    locale: found.locale,
    ...(await requestOrigin()),
  };
}

async function insertSession(db: Db, userId: string, token: string): Promise<Date> {
  const [row] = await db.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO session (token_hash, user_id, expires_at)
    VALUES (${hashOfToken(token)}, ${userId}::uuid, clock_timestamp() + make_interval(hours => ${SESSION_HOURS_MAX}))
    RETURNING expires_at`;
  if (!row) throw new Error('The session was not stored');
  return row.expires_at;
}

/** Starts a session for somebody who just signed in, ending the one that this browser had. */
export async function openSession(userId: string, token: string): Promise<{ expires: Date }> {
  const former = (await cookies()).get(SESSION_COOKIE)?.value;
  const origin = await requestOrigin();
  return asNobody(async (db) => {
    if (former) await db.session.deleteMany({ where: { tokenHash: hashOfToken(former) } });
    await db.$executeRaw`DELETE FROM session WHERE expires_at < clock_timestamp()`;
    const expires = await insertSession(db, userId, token);
    const user = await db.user.update({ where: { id: userId }, data: { lastSignInAt: new Date() } });
    const actor: AuditActor = {
      kind: 'user',
      entraTenantId: user.entraTenantId,
      objectId: user.entraObjectId,
      name: user.displayName,
      ...origin,
    };
    await recordAudit(db, { actor, action: 'session.sign_in', result: 'ok', target: user.userName });
    return { expires };
  });
}

/** Replaces this browser's session by a new one, as after a change of rights. Only where cookies can be set. */
export async function rotateSession(actor: Actor): Promise<void> {
  const jar = await cookies();
  const former = jar.get(SESSION_COOKIE)?.value;
  const token = newToken();
  const expires = await asNobody(async (db) => {
    if (former) await db.session.deleteMany({ where: { tokenHash: hashOfToken(former) } });
    return insertSession(db, actor.userId, token);
  });
  jar.set(SESSION_COOKIE, token, { ...SESSION_COOKIE_OPTIONS, expires });
}

/** Ends this browser's session, if it has one, and takes its cookie away. Only where cookies can be set. */
export async function closeSession(): Promise<void> {
  const jar = await cookies();
  const token = jar.get(SESSION_COOKIE)?.value;
  const actor = await findActor();
  jar.set(SESSION_COOKIE, '', { ...SESSION_COOKIE_OPTIONS, maxAge: 0 });
  if (!token) return;
  await asNobody(async (db) => {
    await db.session.deleteMany({ where: { tokenHash: hashOfToken(token) } });
    if (actor) await recordAudit(db, { actor: auditActorOf(actor), action: 'session.sign_out', result: 'ok' });
  });
}
