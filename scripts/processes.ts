/** Child processes in groups of their own, with logs in files, that can be ended with everything they started. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;
const GRACE_MS = 10_000;

/** Next declares NODE_ENV a must in ProcessEnv, which an environment made from parts can't promise. */
export type Environment = NodeJS.Dict<string>;

export interface Part {
  name: string;
  pid: number;
  logFile: string;
  /** Exit code, or the signal's name. */
  ended: Promise<number | string>;
  hasEnded(): boolean;
  /** What this run of the part has written so far. */
  output(): string;
  /** Waits until its output matches; throws with the end of the log when the part ends or the time is up. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** SIGTERM to its whole group, SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a group and waits until no process of it is left. */
export async function endGroup(pid: number): Promise<void> {
  if (!pid || !signalGroup(pid, 'SIGTERM')) return;
  const deadline = Date.now() + GRACE_MS;
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

/** Starts this Node with these arguments, its output in ours; asked to end by SIGINT, which test runners clean up on. */
export function startInView(args: string[], options: { cwd: string; env: Environment }) {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Out of the terminal's group: Ctrl-C reaches it once, through us.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    ended,
    async stop(): Promise<void> {
      child.kill('SIGINT');
      const isOver = await Promise.race([ended.then(() => true), delay(GRACE_MS, false, { ref: false })]);
      if (!isOver) child.kill('SIGKILL');
      await endGroup(child.pid ?? 0);
    },
  };
}

const lastLines = (text: string, count = 15) => text.trimEnd().split('\n').slice(-count).join('\n');

/** Starts this Node (or `command`) with these arguments; both output streams go to `logFile`, after what is there. */
export function startPart(
  name: string,
  args: string[],
  options: { cwd: string; env: Environment; logFile: string; command?: string },
): Part {
  const { logFile } = options;
  const log = fs.openSync(logFile, 'a', 0o600);
  const from = fs.fstatSync(log).size;
  const child = spawn(options.command ?? process.execPath, args, {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log],
    detached: process.platform !== 'win32',
  });
  fs.closeSync(log);
  let result: number | string | null = null;
  const ended = new Promise<number | string>((resolve) => {
    const settle = (value: number | string) => {
      result = value;
      resolve(value);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(code ?? signal ?? 'unknown'));
  });
  const pid = child.pid ?? 0;
  const output = () => fs.readFileSync(logFile).subarray(from).toString('utf8');
  return {
    name,
    pid,
    logFile,
    ended,
    hasEnded: () => result !== null,
    output,
    async waitFor(pattern, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const match = pattern.exec(output());
        if (match) return match;
        const problem = result !== null ? `ended (${result})` : Date.now() > deadline ? 'did not get ready' : null;
        if (problem) throw new Error(`The ${name} ${problem}; ${logFile} ends with:\n${lastLines(output())}`);
        await delay(POLL_MS);
      }
    },
    async stop() {
      // Ended well: nothing is left, and its number may be somebody else's by now.
      if (result !== 0) await endGroup(pid);
    },
  };
}

/** Runs a command to its end with `input` on stdin; answers what it printed, or throws with it. */
export async function runCommand(
  args: string[],
  options: { cwd: string; env: Environment; input?: string },
): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: options.cwd, env: options.env as NodeJS.ProcessEnv });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(output.trim() || `${args.join(' ')} ended with ${code}`);
  return output;
}
