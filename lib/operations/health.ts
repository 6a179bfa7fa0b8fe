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

/** Whether the portal can serve: connected, and the tables of this version are there. */
export async function isReady(): Promise<boolean> {
  try {
    await asNobody((db) => db.partner.count());
    return true;
  } catch {
    return false;
  }
}
