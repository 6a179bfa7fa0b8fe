/**
 * One PostgreSQL server for a run of the tests, with a migrated database that each test file clones. Every run has its
 * own server, so that runs side by side never meet.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { type DatabaseUrls, migrate, setUpDatabase } from '../scripts/database.ts';
import { postgresFolder, removePostgres, startPostgres } from '../scripts/embedded-postgres.ts';

const project = path.resolve(import.meta.dirname, '..');

/** What a test file needs in order to clone the migrated database. */
export interface TestPostgres {
  adminUrl: string;
  template: string;
  urls: DatabaseUrls;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

const RUN_FOLDER = /^test-(\d+)-[0-9a-f]+$/;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A run that was killed leaves its folder, and perhaps its server. */
async function removeLeftovers(parent: string): Promise<void> {
  if (!fs.existsSync(parent)) return;
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(RUN_FOLDER.exec(name)?.[1] ?? 0);
    if (pid && !isRunning(pid)) await removePostgres(path.join(parent, name));
  }
}

/** Vitest's global set-up: starts, migrates, and gives back the way to end it all. */
export default async function setUp(vitest: TestProject): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString('hex');
  const base = postgresFolder(project, `test-${process.pid}-${run}`);
  await removeLeftovers(path.dirname(base));
  const server = await startPostgres({ base, durable: false });
  const stop = async () => {
    await server.stop();
    await removePostgres(base);
  };
  try {
    const template = 'watchfold_test';
    const urls = await setUpDatabase(server.adminUrl, template);
    await migrate(urls.owner);
    vitest.provide('postgres', { adminUrl: server.adminUrl, template, urls });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
