import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/chromium.ts';

const executablePath = findChromium();
// Chromium's sandbox refuses to run as root, and a container's /dev/shm is often too small for it.
const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  retries: 0,
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/journeys.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Copenhagen',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args, ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    // Nothing works before there is an administrator, and becoming one is a journey too.
    { name: 'set-up', testMatch: /set-up\.spec\.ts/, teardown: 'afterwards' },
    { name: 'journeys', testIgnore: /(set-up|secrets)\.spec\.ts/, dependencies: ['set-up'] },
    // When everything has been written that could leak, whether or not the rest passed.
    { name: 'afterwards', testMatch: /secrets\.spec\.ts/ },
  ],
});
