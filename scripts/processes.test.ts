import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Part, runCommand, startPart } from './processes';
import { lockRun } from './run-lock';
import { Teardown } from './teardown';

let folder: string;
const parts: Part[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'processes-'));
});
afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function start(program: string): Part {
  const part = startPart('sample', ['-e', program], { cwd: folder, env: {}, logFile: path.join(folder, 'log') });
  parts.push(part);
  return part;
}

const STAYS = 'setInterval(() => {}, 1000);';
const WITH_CHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAYS)}]);
  console.log('child ' + child.pid);
  ${STAYS}`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a part', () => {
  it('is waited for by what it writes, and not by what an earlier run wrote', async () => {
    fs.writeFileSync(path.join(folder, 'log'), 'ready 1\n');
    const part = start(`console.log('ready 2'); ${STAYS}`);
    const [, number] = await part.waitFor(/ready (\d)/, 5_000);
    expect(number).toBe('2');
  });

  it('that ends before it is ready is told with the end of its log', async () => {
    const part = start(`console.error('no database'); process.exit(3)`);
    await expect(part.waitFor(/ready/, 5_000)).rejects.toThrow(/The sample ended \(3\)[\s\S]*no database/);
  });

  it('ends with everything that it started', async () => {
    const part = start(WITH_CHILD);
    const child = Number((await part.waitFor(/child (\d+)/, 5_000))[1]);
    await part.stop();
    expect([isAlive(part.pid), isAlive(child)]).toEqual([false, false]);
  });
});

describe('a data folder', () => {
  it('is refused to a second run while the first is alive', async () => {
    const lock = await lockRun(folder);
    await expect(lockRun(folder)).rejects.toThrow(/already runs on/);
    await lock.stop();
    await (await lockRun(folder)).stop();
  });

  const file = () => path.join(folder, 'processes.json');
  /** As a killed run leaves it: the owner's number has gone to nobody. */
  const leaveBehind = (startedAtOf: (startedAt: string) => string) => {
    const left = JSON.parse(fs.readFileSync(file(), 'utf8'));
    left.owner.startedAt = 'long ago';
    for (const part of left.parts) part.startedAt = startedAtOf(part.startedAt);
    fs.writeFileSync(file(), JSON.stringify(left));
  };

  it('is cleaned of the processes that a killed run left', async () => {
    const part = start(STAYS);
    (await lockRun(folder)).note('sample', part.pid);
    leaveBehind((startedAt) => startedAt);
    const lock = await lockRun(folder);
    expect(isAlive(part.pid)).toBe(false);
    await lock.stop();
  });

  it('leaves alone a process that only has the number of one of its own', async () => {
    const part = start(STAYS);
    (await lockRun(folder)).note('sample', part.pid);
    leaveBehind(() => 'another time');
    const lock = await lockRun(folder);
    expect(isAlive(part.pid)).toBe(true);
    await lock.stop();
  });
});

describe('the end of a command', () => {
  it('stops what was started in reverse order, also past one that fails to stop', async () => {
    const stopped: string[] = [];
    const teardown = new Teardown();
    for (const name of ['database', 'worker', 'portal']) {
      await teardown.start(() => ({
        async stop() {
          stopped.push(name);
          if (name === 'worker') throw new Error('gone already');
        },
      }));
    }
    await Promise.all([teardown.end(), teardown.end()]);
    expect(stopped).toEqual(['portal', 'worker', 'database']);
  });

  it('stops what was still starting, and starts nothing new', async () => {
    const teardown = new Teardown();
    const { promise, resolve } = Promise.withResolvers<void>();
    let isStopped = false;
    const starting = teardown.start(async () => {
      await promise;
      return {
        async stop() {
          isStopped = true;
        },
      };
    });
    const ending = teardown.end();
    await expect(teardown.start(() => ({ stop: async () => undefined }))).rejects.toThrow(/nothing new/);
    resolve();
    await starting;
    await ending;
    expect(isStopped).toBe(true);
  });
});

it('gives a command its input and answers its output, or fails with it', async () => {
  const echo = 'process.stdin.pipe(process.stdout)';
  expect(await runCommand(['-e', echo], { cwd: folder, env: {}, input: 'sealed' })).toBe('sealed');
  const refuses = `console.error('wrong key'); process.exit(1)`;
  await expect(runCommand(['-e', refuses], { cwd: folder, env: {} })).rejects.toThrow('wrong key');
});
