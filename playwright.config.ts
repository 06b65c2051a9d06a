import process from 'node:process';
import { defineConfig } from '@playwright/test';

const address = 'http://localhost:4399';

export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'tests/browser/results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    baseURL: address,
    // Most tests answer requests in the server's place, which a service worker would not let through.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Chromium refuses to start its sandbox as root, which is what a container's user often is.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: 'npx vite preview web --host localhost --port 4399 --strictPort',
    url: address,
    reuseExistingServer: false,
  },
});
