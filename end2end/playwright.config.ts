// The same journeys with JavaScript on and off; what needs scripts ends in .js.spec.ts.
// BASE_URL names the server, CHROMIUM_PATH the browser, DEMO_PASSWORD opens the demo accounts.
import { defineConfig } from '@playwright/test';

const chromium = process.env.CHROMIUM_PATH;
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Tests do not lean on each other, so any of them may run beside any other.
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'js', testIgnore: 'screens.js.spec.ts' },
    { name: 'nojs', testIgnore: '*.js.spec.ts', use: { javaScriptEnabled: false } },
    { name: 'phone', testMatch: 'layout.js.spec.ts', use: { viewport: { width: 320, height: 640 } } },
    { name: 'screens', testMatch: 'screens.js.spec.ts', use: { viewport: { width: 1440, height: 900 } } },
  ],
});
