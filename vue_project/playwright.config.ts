import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

const project = fileURLToPath(new URL('..', import.meta.url))
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A port nobody listens on, and an empty data folder; chosen once, for all worker processes. */
function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        resolve(String(typeof address === 'object' ? address?.port : 0))
      })
    })
  })
}
const port = (process.env['E2E_PORT'] ??= await freePort())
const home = (process.env['E2E_HOME'] ??= mkdtempSync(join(tmpdir(), 'modelfoundry-e2e-')))

const url = `http://127.0.0.1:${port}`
const executablePath = process.env['CHROMIUM_PATH'] ?? browsers.find((path) => existsSync(path))
const local = join(project, '.venv/bin/modelfoundry')
const command = existsSync(local) ? local : 'modelfoundry'

export default defineConfig({
  testDir: join(project, 'tests/e2e/browser'),
  testIgnore: '**/screenshots/**',
  outputDir: join(project, 'test-results/browser'),
  globalTeardown: join(project, 'tests/e2e/browser/teardown.ts'),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1, // they share one server and its job slots
  retries: 2, // a busy machine is slow now and then; what passes only then is listed as flaky
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    baseURL: url,
    locale: 'en',
    contextOptions: { reducedMotion: 'reduce' }, // colours are not measured on their way
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-device-for-media-stream', // a camera that shows a moving pattern
        '--use-fake-ui-for-media-stream',
      ],
    },
  },
  webServer: {
    command: `${command} serve --port ${port}`,
    url: `${url}/readyz`,
    env: { MODELFOUNDRY_HOME: home, OMP_NUM_THREADS: '1' },
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
})
