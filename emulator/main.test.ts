import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const FREE_PORTS = {
  EMULATOR_LOGIN_PORT: '0',
  EMULATOR_GRAPH_PORT: '0',
  EMULATOR_CONTROL_PORT: '0',
  EMULATOR_WORLD: 'empty',
};

function run(environment: Record<string, string>) {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main], { env: { NODE_ENV: 'test', ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const out: string[] = [];
  const errors: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  return { child, out, errors };
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('the process', () => {
  test('prints one line of JSON when it is ready, and stops at once in the middle of a call', async () => {
    const { child, out } = run(FREE_PORTS);
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    const ready = JSON.parse(out.join('')) as Record<string, string>;
    expect(ready).toMatchObject({ ready: true, login: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const control = (method: string, path: string, body: unknown) =>
      fetch(`${ready['control']}${path}`, { method, body: JSON.stringify(body) });
    await control('POST', '/faults', { kind: 'stall' });
    const hanging = fetch(`${ready['login']}/common/discovery/instance`).catch(() => 'cut off');
    expect((await fetch(`${ready['control']}/health`)).status).toBe(200);
    const before = performance.now();
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(await hanging).toBe('cut off');
    expect(out.join('').trim().split('\n')).toHaveLength(1);
  });

  test('lists everything that is wrong with its environment and exits with 1', async () => {
    const { child, errors, out } = run({ EMULATOR_LOGIN_PORT: 'x', EMULATOR_WORLD: 'moon', EMULATOR_SEED: '-1' });
    expect(await exitCode(child)).toBe(1);
    for (const name of ['EMULATOR_LOGIN_PORT', 'EMULATOR_WORLD', 'EMULATOR_SEED'])
      expect(errors.join('')).toContain(name);
    expect(out).toEqual([]);
  });
});
