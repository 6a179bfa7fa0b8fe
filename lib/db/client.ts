/**
 * The only way to the database. Every transaction says who asks (an actor, a visitor with one invitation, the worker for
 * one tenant, or nobody) and row-level security answers accordingly; the bare client never leaves this folder.
 */
import 'server-only';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { AppError } from '@/lib/errors';
import type { Secret } from '@/lib/secret';
import { Prisma, PrismaClient } from './generated/client';

export type DatabaseRole = 'web' | 'worker';

/** A transaction's client. Stacked-statement raw queries are left out on purpose. */
export type Db = Omit<Prisma.TransactionClient, '$queryRawUnsafe' | '$executeRawUnsafe'>;

/** Safe SQL building: values become parameters. */
export const sql = Prisma.sql;
export const sqlEmpty = Prisma.empty;
export const joinSql = Prisma.join;
export type Sql = Prisma.Sql;
export type JsonValue = Prisma.JsonValue;
export type InputJsonValue = Prisma.InputJsonValue;

interface OpenDatabase {
  url: Secret;
  client: PrismaClient;
  pool: pg.Pool;
}

// Next bundles instrumentation and pages apart, so that a module's own variable would exist twice.
const SLOT = Symbol.for('watchfold.database');
const holder = globalThis as typeof globalThis & { [SLOT]?: Partial<Record<DatabaseRole, OpenDatabase>> };

const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 4_000;
const TRANSACTION_TIMEOUT_MS = 20_000;

/** Gives this process its login. Called once by an entry point; calling again with another address replaces it. */
export function openDatabase(role: DatabaseRole, url: Secret, connectionsMax = 10): void {
  holder[SLOT] ??= {};
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  // An idle connection that the server ends is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  holder[SLOT][role] = { url, pool, client: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

function opened(role: DatabaseRole): OpenDatabase {
  const found = holder[SLOT]?.[role];
  if (!found) throw new Error(`This process has no database login as ${role}`);
  return found;
}

/** The address for connections that a pool can't serve (LISTEN). */
export function databaseUrlOf(role: DatabaseRole): Secret {
  return opened(role).url;
}

/** Closes a login's connections, if it is open. */
export async function closeDatabase(role: DatabaseRole): Promise<void> {
  const found = holder[SLOT]?.[role];
  if (!found || !holder[SLOT]) return;
  delete holder[SLOT][role];
  await found.client.$disconnect();
  await found.pool.end();
}

const UNREACHABLE = new Set(['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1017', 'P2024', 'P2028']);
const UNREACHABLE_DRIVER =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|DatabaseNotReachable|ConnectionClosed|terminat|starting up|shutting down|timeout exceeded/i;

/** True when an error says that the database can't be reached, rather than that it refused. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  if (code && UNREACHABLE.has(code)) return true;
  return UNREACHABLE_DRIVER.test(`${code ?? ''} ${error.message}`);
}

async function transaction<T>(role: DatabaseRole, settings: [string, string][], run: (db: Db) => Promise<T>) {
  const { client } = opened(role);
  try {
    return await client.$transaction(
      async (tx) => {
        for (const [name, value] of settings) await tx.$executeRaw`SELECT set_config(${`app.${name}`}, ${value}, true)`;
        return run(tx);
      },
      { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
    );
  } catch (error) {
    if (isDatabaseUnreachable(error)) throw new AppError('unavailable', 'databaseUnavailable');
    throw error;
  }
}

/** One transaction as a signed-in user: sees and changes what the policies grant that user. No network inside. */
export function asActor<T>(userId: string, run: (db: Db) => Promise<T>): Promise<T> {
  return transaction('web', [['actor_id', userId]], run);
}

/** What a visitor without an account can present; each is the hash of a 256-bit token. */
export type Capability = { invitationHash: string } | { consentStateHash: string } | { consentCookieHash: string };

/** One transaction as the holder of a customer's link, consent state or flow cookie: that tenant and no other. */
export function asVisitor<T>(capability: Capability, run: (db: Db) => Promise<T>): Promise<T> {
  const [setting] = Object.entries(capability).map(([name, hash]): [string, string] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    hash,
  ]);
  return transaction('web', setting ? [setting] : [], run);
}

/** One transaction of the portal's without a user: people, sessions and registrations, and no tenant's rows. */
export function asNobody<T>(run: (db: Db) => Promise<T>): Promise<T> {
  return transaction('web', [], run);
}

/** The moment by the database's clock, which expiry is judged by: web servers may disagree. */
export async function databaseNow(db: Db): Promise<Date> {
  const [clock] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!clock) throw new Error('The database did not tell the time');
  return clock.now;
}

/** One transaction of the worker's for one tenant. */
export function asTenantWorker<T>(tenantId: string, run: (db: Db) => Promise<T>): Promise<T> {
  return transaction('worker', [['tenant_id', tenantId]], run);
}

/** One transaction of the worker's without a tenant: registrations, credentials, requests, due work. */
export function asWorker<T>(run: (db: Db) => Promise<T>): Promise<T> {
  return transaction('worker', [], run);
}
