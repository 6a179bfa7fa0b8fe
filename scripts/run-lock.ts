/**
 * One run per data folder. The file names the processes of a run with their start times, so that a run that was killed
 * is cleaned up after and a pid that was given to somebody else's process is left alone.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { endGroup } from './processes.ts';

interface Running {
  name: string;
  pid: number;
  startedAt: string;
}

interface LockFile {
  owner: Running;
  parts: Running[];
}

/** A text that no two processes with one pid share; null when there is no such process. */
function startOf(pid: number): string | null {
  if (fs.existsSync('/proc/self/stat')) {
    try {
      // After the name in brackets, which may hold anything, the 20th field is the start in clock ticks since boot.
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout?.trim() || null;
}

const isAlive = ({ pid, startedAt }: Running) => startOf(pid) === startedAt;
const running = (name: string, pid: number): Running => ({ name, pid, startedAt: startOf(pid) ?? '' });

export interface RunLock {
  /** Notes a process that a later run must end if this one is killed. */
  note(name: string, pid: number): void;
  stop(): Promise<void>;
}

/** Takes the folder for this process; ends what a killed run left, and throws when another run is alive. */
export async function lockRun(folder: string): Promise<RunLock> {
  const file = path.join(folder, 'processes.json');
  if (fs.existsSync(file)) {
    const { owner, parts } = JSON.parse(fs.readFileSync(file, 'utf8')) as LockFile;
    if (isAlive(owner)) {
      throw new Error(
        `Watchfold already runs on ${folder} (pid ${owner.pid}). End it first, or set WATCHFOLD_DATA to another folder.`,
      );
    }
    for (const part of parts.filter(isAlive)) await endGroup(part.pid);
  }
  const lock: LockFile = { owner: running('owner', process.pid), parts: [] };
  const write = () => {
    fs.writeFileSync(`${file}.new`, JSON.stringify(lock), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
  };
  write();
  return {
    note(name, pid) {
      lock.parts.push(running(name, pid));
      write();
    },
    async stop() {
      fs.rmSync(file, { force: true });
    },
  };
}
