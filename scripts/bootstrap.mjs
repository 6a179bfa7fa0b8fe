#!/usr/bin/env node
// The first step of `npm run demo`, `npm test` and `npm run check`: plain JavaScript for Node 20 and no packages.
// Installs what package-lock.json says when it is not there yet, then runs scripts/<command>.ts on Node 24.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stdout.write(`${line}\n`);
const secondsSince = (start) => Math.round((Date.now() - start) / 1000);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** npm writes node_modules/.package-lock.json last, so a broken-off installation counts as none. */
function isInstalled() {
  const installedFile = path.join(project, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || installed[name]?.version === version,
  );
}

async function install() {
  const start = Date.now();
  say('Installing packages (npm ci); the first time takes a minute or two …');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...args], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('npm', args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const progress = setInterval(() => say(`  still installing, ${secondsSince(start)} s`), 10_000);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.once('close', resolve);
  });
  clearInterval(progress);
  if (code !== 0) fail(`npm ci failed (${code}):\n${output}`);
  say(`  packages installed in ${secondsSince(start)} s`);
}

/** Node 24 comes with the packages (node-<platform>-<arch>), so that a machine needs any Node only to start npm with. */
function runtime() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const packaged = path.join(project, 'node_modules', `node-${platform}-${process.arch}`, file);
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return fail(
    `Watchfold runs on Node ${NODE_MAJOR}; this is ${process.version} and npm has none for ${platform}-${process.arch}. ` +
      `Install Node ${NODE_MAJOR} from https://nodejs.org and try again.`,
  );
}

const [command, ...rest] = process.argv.slice(2);
const script = path.join(project, 'scripts', `${command}.ts`);
if (!command || !existsSync(script)) fail(`There is no command "${command ?? ''}" in scripts/`);
if (!isInstalled()) await install();

// The channel ends with this process, however it ends; the command then ends what it started.
const child = spawn(runtime(), ['--conditions=react-server', '--import', 'tsx', script, ...rest], {
  cwd: project,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm passes a signal to a shell of its own, which dies of it without telling anyone.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid;
  setInterval(() => process.ppid === shell || child.kill('SIGTERM'), 200).unref();
}
child.once('error', (error) => fail(`Could not start Node: ${error.message}`));
child.once('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
