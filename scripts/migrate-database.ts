/** `npm run database:migrate`: applies the migrations with the owner's DATABASE_URL. */
import { migrate } from './database.ts';

const ownerUrl = process.env['DATABASE_URL'];
try {
  if (!ownerUrl) throw new Error("DATABASE_URL is needed: the owner's login");
  await migrate(ownerUrl);
  console.log('The database is up to date.');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
