/** `npm start`: the portal in production, on `HOST` (this machine only by default) and `PORT`. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EnvironmentError, webEnvFrom } from '../lib/env.ts';

const project = path.resolve(import.meta.dirname, '..');

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function publicUrl(): string {
  try {
    return webEnvFrom(process.env).publicUrl;
  } catch (error) {
    if (error instanceof EnvironmentError) return refuse(error.message);
    throw error;
  }
}

const port = process.env['PORT'] || '3000';
if (!/^\d+$/.test(port) || Number(port) > 65_535) refuse(`PORT must be a number from 0 to 65535, not "${port}"`);
const url = publicUrl();
if (!fs.existsSync(path.join(project, '.next/BUILD_ID'))) refuse('There is no build yet: run npm run build');

const next = path.join(project, 'node_modules/next/dist/bin/next');
const child = spawn(process.execPath, [next, 'start', '-H', process.env['HOST'] || '127.0.0.1', '-p', port], {
  cwd: project,
  // next-auth reads the portal's address under a name of its own.
  env: { ...process.env, NODE_ENV: 'production', NEXTAUTH_URL: url, NEXT_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.once('error', (error) => refuse(`Next could not be started: ${error.message}`));
// Ended by a signal that was asked for is a clean end.
child.once('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
