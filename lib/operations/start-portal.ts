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
 * Opens the database login and, when the server answers, checks that isolation is in place (the process ends when it is
 * not) and prints the set-up code while there is no administrator. A database that is down is waited for, with pages up.
 */
export async function startPortal(): Promise<void> {
  try {
    openDatabase('web', webEnv().databaseUrl);
  } catch (error) {
    if (error instanceof EnvironmentError) refuse(error.message);
    throw error;
  }
  void checkWhenReachable();
}

async function checkWhenReachable(): Promise<void> {
  for (;;) {
    try {
      await checkDatabase('web');
      markChecked();
      const code = await issueSetUpCode();
      if (code) process.stdout.write(`No administrator yet. Sign in, open /set-up and enter this code: ${code}\n`);
      return;
    } catch (error) {
      if (!isAppError(error, 'unavailable')) refuse(`The portal does not start: ${(error as Error).message}`);
      log.warn('Waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
