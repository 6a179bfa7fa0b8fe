import 'server-only';
import pg from 'pg';
import { log } from '@/lib/log';
import { type DatabaseRole, type Db, databaseUrlOf } from './client';

/** Says that something changed; ids only, readers ask again under their own rights. */
export interface Change {
  kind: 'incidents' | 'freshness' | 'connection' | 'request' | 'work';
  tenantId?: string;
  requestId?: string;
}

const CHANNEL = 'watchfold';
const RECONNECT_MS = 1_000;

/** Tells every listener when (and only if) the transaction commits. */
export async function announceChange(db: Db, change: Change): Promise<void> {
  await db.$executeRaw`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(change)})`;
}

/** What was missed while a connection was down is unknown: listeners then look at everything again. */
export type ChangeListener = (change: Change | 'reconnected') => void;

const SLOT = Symbol.for('watchfold.changes');
const holder = globalThis as typeof globalThis & { [SLOT]?: Map<DatabaseRole, Set<ChangeListener>> };

/** Any login may notify, so a payload that is none of ours is passed over. */
function changeFrom(payload: string | undefined): Change | null {
  try {
    const change = JSON.parse(payload ?? '') as Partial<Change> | null;
    return typeof change?.kind === 'string' ? (change as Change) : null;
  } catch {
    return null;
  }
}

async function listenForever(role: DatabaseRole, listeners: Set<ChangeListener>): Promise<void> {
  let first = true;
  while (listeners.size > 0) {
    const client = new pg.Client({ connectionString: databaseUrlOf(role).reveal(), keepAlive: true });
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
    });
    try {
      client.on('notification', ({ payload }) => {
        const change = changeFrom(payload);
        if (change) for (const listener of listeners) listener(change);
      });
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      if (!first) for (const listener of listeners) listener('reconnected');
      first = false;
      await lost;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'Waiting for the database to listen for changes');
    }
    client.end().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS).unref());
  }
}

/** Calls `listener` for every change from now on, over one connection per process; answers the way to stop. */
export function onChange(role: DatabaseRole, listener: ChangeListener): () => void {
  holder[SLOT] ??= new Map();
  const listeners = holder[SLOT].get(role) ?? new Set();
  const isFirst = !holder[SLOT].has(role);
  holder[SLOT].set(role, listeners);
  listeners.add(listener);
  if (isFirst) {
    const slot = holder[SLOT];
    void listenForever(role, listeners).finally(() => slot.delete(role));
  }
  return () => listeners.delete(listener);
}
