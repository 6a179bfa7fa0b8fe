import { asNobody } from '@/lib/db/client';
import { isAppError } from '@/lib/errors';

export type DatabaseState = 'ok' | 'unreachable';

/** Whether the database answers this process. */
export async function databaseState(): Promise<DatabaseState> {
  try {
    await asNobody((db) => db.$queryRaw`SELECT 1`);
    return 'ok';
  } catch (error) {
    if (isAppError(error, 'unavailable')) return 'unreachable';
    throw error;
  }
}

// Next bundles instrumentation and routes apart, so that a module's own variable would exist twice.
const SLOT = Symbol.for('watchfold.checked');
const holder = globalThis as typeof globalThis & { [SLOT]?: boolean };

/** Called when the start-up check has found the database as it must be. */
export function markChecked(): void {
  holder[SLOT] = true;
}

/** Whether the portal can serve: checked at start, and connected now. */
export async function isReady(): Promise<boolean> {
  if (!holder[SLOT]) return false;
  try {
    await asNobody((db) => db.partner.count());
    return true;
  } catch {
    return false;
  }
}
