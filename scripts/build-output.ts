/** The production build, made anew only when something that goes into it has changed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Part, startPart } from './processes.ts';
import type { Teardown } from './teardown.ts';

const project = path.resolve(import.meta.dirname, '..');
const STAMP = path.join(project, '.next/watchfold-sources');

const SOURCES = [
  'app',
  'components',
  'i18n',
  'lib',
  'messages',
  'prisma',
  'public',
  'worker',
  'instrumentation.ts',
  'next.config.js',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'scripts/build-worker.mjs',
  'tsconfig.json',
];

function filesUnder(name: string): string[] {
  const file = path.join(project, name);
  if (!fs.existsSync(file) || name === 'lib/db/generated' || /\.test\.tsx?$/.test(name)) return [];
  if (!fs.statSync(file).isDirectory()) return [name];
  return fs
    .readdirSync(file)
    .sort()
    .flatMap((entry) => filesUnder(path.posix.join(name, entry)));
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES.flatMap(filesUnder)) {
    hash
      .update(`${name}\0`)
      .update(fs.readFileSync(path.join(project, name)))
      .update('\0');
  }
  return hash.digest('hex');
}

const npmTool = (file: string) => path.join(project, 'node_modules', file);

const STEPS: { says: string; args: string[] }[] = [
  { says: 'Generating the database client', args: [npmTool('prisma/build/index.js'), 'generate'] },
  { says: 'Bundling the worker', args: [path.join(project, 'scripts/build-worker.mjs')] },
  { says: 'Building the portal', args: [npmTool('next/dist/bin/next'), 'build'] },
];

async function runStep(step: (typeof STEPS)[number], logFile: string, teardown: Teardown): Promise<void> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  console.log(`${step.says} …`);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', NO_COLOR: '1' };
  const part: Part = await teardown.start(() => startPart(step.says, step.args, { cwd: project, env, logFile }));
  const progress = setInterval(() => console.log(`  still at it, ${seconds()} s`), 10_000);
  const result = await part.ended;
  clearInterval(progress);
  if (result !== 0) throw new Error(`${step.says} failed (${result}):\n${part.output()}`);
  console.log(`  done in ${seconds()} s`);
}

const logFileOfBuild = (): string => {
  const folder = path.join(project, '.data');
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, 'build.log');
};

/** Writes the database client alone: enough for the type check and the unit tests. */
export async function generateClient(teardown: Teardown): Promise<void> {
  const [generate] = STEPS;
  if (generate) await runStep(generate, logFileOfBuild(), teardown);
}

/** Builds portal and worker, saying so as it goes; throws with the builder's output when a step fails. */
export async function build(teardown: Teardown): Promise<void> {
  const sources = hashOfSources();
  const logFile = logFileOfBuild();
  for (const step of STEPS) await runStep(step, logFile, teardown);
  fs.writeFileSync(STAMP, sources);
}

/** `build`, unless the last one was of these very sources. */
export async function buildIfStale(teardown: Teardown): Promise<void> {
  const isBuilt = fs.existsSync(path.join(project, 'dist/worker.mjs')) && fs.existsSync(STAMP);
  if (isBuilt && fs.readFileSync(STAMP, 'utf8') === hashOfSources()) return;
  await build(teardown);
}
