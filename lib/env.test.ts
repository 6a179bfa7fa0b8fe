import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError, webEnvFrom, workerEnvFrom } from './env';

const keyFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-env-')), 'key.jwk');
fs.writeFileSync(keyFile, '{}');

const shared = {
  DATABASE_URL: 'postgresql://web:very-secret@127.0.0.1:5432/watchfold',
  WATCHFOLD_CLOUD: 'global',
  WATCHFOLD_PUBLIC_URL: 'https://watchfold.example',
};
const web = {
  ...shared,
  NEXTAUTH_SECRET: 'x'.repeat(32),
  SIGN_IN_TENANT_ID: '7c0d2f4e-1111-4a51-9d51-000000000001',
  SIGN_IN_CLIENT_ID: '7C0D2F4E-3333-4A51-9D51-000000000003',
  SIGN_IN_CLIENT_SECRET: 'another-secret',
  WATCHFOLD_SEALING_PUBLIC_KEY: keyFile,
};
const worker = { ...shared, WATCHFOLD_SEALING_PRIVATE_KEY: keyFile };
const custom = {
  WATCHFOLD_CLOUD: 'custom',
  WATCHFOLD_PUBLIC_URL: 'http://localhost:3000',
  WATCHFOLD_LOGIN_ORIGIN: 'http://127.0.0.1:4080',
  WATCHFOLD_GRAPH_ORIGIN: 'http://127.0.0.1:4081',
};

function problemsOf(judge: () => unknown): string[] {
  try {
    judge();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('of an empty process is judged with everything that is missing at once', () => {
    const problems = problemsOf(() => webEnvFrom({})).join('\n');
    for (const variable of [
      'DATABASE_URL',
      'WATCHFOLD_CLOUD',
      'WATCHFOLD_PUBLIC_URL',
      'NEXTAUTH_SECRET',
      'SIGN_IN_TENANT_ID',
      'SIGN_IN_CLIENT_ID',
      'SIGN_IN_CLIENT_SECRET',
      'WATCHFOLD_SEALING_PUBLIC_KEY',
    ]) {
      expect(problems).toContain(variable);
    }
  });

  it('gives each process what it needs, with defaults only where they are safe', () => {
    expect(webEnvFrom(web)).toMatchObject({ signInClientId: web.SIGN_IN_CLIENT_ID.toLowerCase() });
    expect(workerEnvFrom(worker)).toMatchObject({
      syncIntervalMs: 60_000,
      probeIntervalMs: 600_000,
      callsPerMinute: 50,
      proofWindowMs: 600_000,
    });
  });

  it('names only hosts that belong to its cloud', () => {
    expect(webEnvFrom(web).cloud.loginOrigin).toBe('https://login.microsoftonline.com');
    expect(workerEnvFrom({ ...worker, WATCHFOLD_CLOUD: 'gcchigh' }).cloud.graphOrigin).toBe(
      'https://graph.microsoft.us',
    );
    const elsewhere = { ...web, WATCHFOLD_LOGIN_ORIGIN: 'https://login.evil.example' };
    expect(problemsOf(() => webEnvFrom(elsewhere)).join()).toContain('WATCHFOLD_LOGIN_ORIGIN');
  });

  it('takes a custom cloud on this machine, and nowhere else', () => {
    expect(webEnvFrom({ ...web, ...custom }).cloud.graphOrigin).toBe('http://127.0.0.1:4081');
    for (const [variable, value] of [
      ['WATCHFOLD_LOGIN_ORIGIN', 'https://login.example'],
      ['WATCHFOLD_GRAPH_ORIGIN', 'http://10.0.0.1:4081'],
      ['WATCHFOLD_PUBLIC_URL', 'https://watchfold.example'],
      ['WATCHFOLD_GRAPH_ORIGIN', undefined],
    ] as const) {
      const problems = problemsOf(() => webEnvFrom({ ...web, ...custom, [variable]: value }));
      expect(problems.join(), `${variable}=${value}`).toContain(variable);
    }
  });

  it.each([
    ['WATCHFOLD_SYNC_INTERVAL_SECONDS', '0'],
    ['WATCHFOLD_SYNC_INTERVAL_SECONDS', '1.5'],
    ['WATCHFOLD_CALLS_PER_MINUTE', 'many'],
    ['WATCHFOLD_PUBLIC_URL', 'https://watchfold.example/path'],
    ['WATCHFOLD_PUBLIC_URL', 'http://watchfold.example'],
    ['DATABASE_URL', 'mysql://x'],
    ['WATCHFOLD_SEALING_PRIVATE_KEY', '/nowhere/key.jwk'],
  ])('refuses %s=%s with the variable’s name', (variable, value) => {
    expect(problemsOf(() => workerEnvFrom({ ...worker, [variable]: value })).join()).toContain(variable);
  });

  it('never prints a secret', () => {
    const env = webEnvFrom(web);
    for (const text of [JSON.stringify(env), String(env.databaseUrl), `${env.nextAuthSecret}`]) {
      expect(text).not.toMatch(/very-secret|another-secret|x{32}/);
    }
  });
});
