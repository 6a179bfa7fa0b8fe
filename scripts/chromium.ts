import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const project = path.resolve(import.meta.dirname, '..');
const SYSTEM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A browser that is there: `CHROMIUM_PATH`, else Playwright's own, else the system's; null when there is none. */
export function findChromium(): string | null {
  const places = [process.env['CHROMIUM_PATH'], chromium.executablePath(), ...SYSTEM_PLACES];
  return places.find((place) => place !== undefined && fs.existsSync(place)) ?? null;
}

/** `findChromium`, installing one first when there is none; throws with what a person can do when that fails too. */
export function ensureChromium(say: (line: string) => void): string {
  const found = findChromium();
  if (found) return found;
  say("No Chromium here: installing Playwright's …");
  const playwright = path.join(project, 'node_modules/@playwright/test/cli.js');
  spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const downloaded = findChromium();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    say('That could not be reached: installing the chromium of this Linux …');
    spawnSync('sh', ['-c', 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium'], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'The browser tests need Chromium: run `npx playwright install chromium`, or install it and set CHROMIUM_PATH.',
  );
}
