import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/secret';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { openDatabase } from './client';
import { checkDatabase, DatabaseCheckError, isSafeServer } from './start-check';

async function problemsOf(role: 'web' | 'worker', migrationsFolder?: string): Promise<string[]> {
  try {
    await checkDatabase(role, migrationsFolder);
    return [];
  } catch (error) {
    if (error instanceof DatabaseCheckError) return error.problems;
    throw error;
  }
}

describe('the start-up check', () => {
  let database: TestDatabase;
  const repairs: string[] = [];
  const breakBy = async (statement: string, repair: string) => {
    repairs.unshift(repair);
    await database.admin.query(statement);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const repair of repairs.splice(0)) await database.admin.query(repair);
    openDatabase('web', new Secret(database.urls.web));
    openDatabase('worker', new Secret(database.urls.worker));
  });
  afterAll(() => database.close());

  it('accepts a migrated database for both processes', async () => {
    expect(await problemsOf('web')).toEqual([]);
    expect(await problemsOf('worker')).toEqual([]);
  });

  it('refuses a table on which row-level security is off', async () => {
    await breakBy('ALTER TABLE incident DISABLE ROW LEVEL SECURITY', 'ALTER TABLE incident ENABLE ROW LEVEL SECURITY');
    expect(await problemsOf('web')).toEqual(['row-level security is off on incident']);
    expect(await problemsOf('worker')).toEqual(['row-level security is off on incident']);
  });

  it('refuses a table on which row-level security is not forced', async () => {
    await breakBy('ALTER TABLE alert NO FORCE ROW LEVEL SECURITY', 'ALTER TABLE alert FORCE ROW LEVEL SECURITY');
    expect(await problemsOf('web')).toEqual(['row-level security is not forced on alert']);
  });

  it('refuses a new table that nobody put under row-level security', async () => {
    await breakBy('CREATE TABLE forgotten (id int)', 'DROP TABLE forgotten');
    expect(await problemsOf('web')).toEqual(['row-level security is off on forgotten', 'forgotten has no policy']);
  });

  /** Logins are the server's, not the database's: the one that other files use stays as it is. */
  const openAsNewLogin = async (attributes: string): Promise<string> => {
    const name = `check_${randomBytes(4).toString('hex')}`;
    await breakBy(`CREATE ROLE ${name} LOGIN PASSWORD 'check' ${attributes}`, `DROP ROLE ${name}`);
    const address = new URL(database.urls.web);
    address.username = name;
    address.password = 'check';
    openDatabase('web', new Secret(address.toString()));
    return name;
  };

  it('refuses a login that is a superuser', async () => {
    const login = await openAsNewLogin('SUPERUSER IN ROLE watchfold_web');
    expect(await problemsOf('web')).toContain(
      `this login (${login}) is a superuser: give the process a login of its own`,
    );
  });

  it('refuses the login that owns the tables', async () => {
    openDatabase('web', new Secret(database.urls.owner));
    expect(await problemsOf('web')).toContain('this login owns the table incident, so no policy would bind it');
  });

  it('refuses a login that bypasses row-level security', async () => {
    const login = await openAsNewLogin('BYPASSRLS IN ROLE watchfold_web');
    expect(await problemsOf('web')).toEqual([`this login (${login}) bypasses row-level security`]);
  });

  it('refuses a login that could become the role that looks across tenants', async () => {
    const login = await openAsNewLogin('NOINHERIT IN ROLE watchfold_definer');
    await breakBy(`GRANT watchfold_web TO ${login} WITH INHERIT TRUE`, `REVOKE watchfold_web FROM ${login}`);
    expect(await problemsOf('web')).toEqual([
      `this login (${login}) is in watchfold_definer, which looks across tenants`,
    ]);
  });

  it('refuses to let the portal run with the login of the worker', async () => {
    openDatabase('web', new Secret(database.urls.worker));
    const problems = await problemsOf('web');
    expect(problems).toContain('the portal may read sealed values');
    expect(problems).toContain(
      `this login (${new URL(database.urls.worker).username}) is not in the group watchfold_web`,
    );
  });

  it('refuses a portal that may read a single column of the sealed values', async () => {
    await breakBy(
      'GRANT SELECT (jwe) ON sealed_value TO watchfold_web',
      'REVOKE SELECT (jwe) ON sealed_value FROM watchfold_web',
    );
    expect(await problemsOf('web')).toEqual(['the portal may read sealed values']);
    expect(await problemsOf('worker')).toEqual([]);
  });

  it.each(['UPDATE', 'DELETE', 'TRUNCATE', 'UPDATE (reason)'])('refuses %s on the audit rows', async (right) => {
    await breakBy(
      `GRANT ${right} ON audit_event TO watchfold_web`,
      `REVOKE ${right} ON audit_event FROM watchfold_web`,
    );
    expect(await problemsOf('web')).toEqual(['this login may change or delete audit rows']);
  });

  it('names each migration that the database lacks', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
    fs.mkdirSync(path.join(folder, '29990101000000_later'));
    expect(await problemsOf('web', folder)).toEqual([
      'the migration 29990101000000_later is missing: run npm run database:migrate',
    ]);
    fs.rmSync(folder, { recursive: true });
  });

  it('refuses an empty database with one sentence that says what to run', async () => {
    await database.admin.query('CREATE DATABASE empty_for_check');
    const address = new URL(database.urls.web);
    address.pathname = '/empty_for_check';
    openDatabase('web', new Secret(address.toString()));
    expect(await problemsOf('web')).toEqual(['it has no tables: run npm run database:migrate']);
    openDatabase('web', new Secret(database.urls.web));
    await database.admin.query('DROP DATABASE empty_for_check WITH (FORCE)');
  });

  it('knows which servers leak rows through statistics', () => {
    const versions = [150_099, 160_009, 160_010, 170_005, 170_006, 180_000];
    expect(versions.filter(isSafeServer)).toEqual([160_010, 170_006, 180_000]);
  });
});
