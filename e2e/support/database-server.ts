import { startPostgres } from '../../scripts/embedded-postgres.ts';
import type { JourneyPlace } from '../../scripts/journeys.ts';

/** Starts the database that a journey has ended, where it was; who started the first one ends this one too. */
export async function startDatabaseAgain({ databaseFolder, adminUrl }: JourneyPlace): Promise<void> {
  await startPostgres({ base: databaseFolder, port: Number(new URL(adminUrl).port), durable: false });
}
