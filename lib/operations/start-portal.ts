import { issueSetUpCode } from '@/lib/access/set-up';
import { openDatabase } from '@/lib/db/client';
import { checkDatabase } from '@/lib/db/start-check';
import { EnvironmentError, webEnv } from '@/lib/env';
import { isAppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { markChecked } from './health';

const RETRY_MS = 2_000;

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * Opens the database login, checks that isolation is in place (the process ends when it is not) and prints the set-up
 * code while there is no administrator; nothing is served before. A database that is down is waited for, with pages up
 * that say so.
 */
export async function startPortal(): Promise<void> {
  try {
    openDatabase('web', webEnv().databaseUrl);
  } catch (error) {
    if (error instanceof EnvironmentError) refuse(error.message);
    throw error;
  }
  if (!(await isChecked())) void checkWhenReachable();
}

/** False when the database can't be reached. */
async function isChecked(): Promise<boolean> {
  try {
    await checkDatabase('web');
    markChecked();
    const code = await issueSetUpCode();
    if (code) process.stdout.write(`No administrator yet. Sign in, open /set-up and enter this code: ${code}\n`);
    return true;
  } catch (error) {
    if (isAppError(error, 'unavailable')) return false;
    return refuse(`The portal does not start: ${(error as Error).message}`);
  }
}

async function checkWhenReachable(): Promise<void> {
  do {
    log.warn('Waiting for the database');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  } while (!(await isChecked()));
}
