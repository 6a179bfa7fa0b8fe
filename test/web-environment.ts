import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';

export const PUBLIC_URL = 'http://localhost:3000';
export const LOGIN_ORIGIN = 'http://127.0.0.1:4080';

/** Gives this process a portal's environment that leads nowhere outside this machine. */
export function useWebEnvironment(): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchfold-test-'));
  const keyFile = path.join(folder, 'sealing-public.jwk');
  fs.writeFileSync(keyFile, '{}');
  const values = {
    DATABASE_URL: 'postgresql://127.0.0.1:1/none',
    WATCHFOLD_CLOUD: 'custom',
    WATCHFOLD_PUBLIC_URL: PUBLIC_URL,
    WATCHFOLD_LOGIN_ORIGIN: LOGIN_ORIGIN,
    WATCHFOLD_GRAPH_ORIGIN: 'http://127.0.0.1:4081',
    NEXTAUTH_SECRET: 'test-secret-that-is-32-characters-long',
    SIGN_IN_TENANT_ID: '7c0d2f4e-1111-4a51-9d51-000000000001',
    SIGN_IN_CLIENT_ID: '7c0d2f4e-3333-4a51-9d51-000000000003',
    SIGN_IN_CLIENT_SECRET: 'test-sign-in-secret',
    WATCHFOLD_SEALING_PUBLIC_KEY: keyFile,
  };
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}
