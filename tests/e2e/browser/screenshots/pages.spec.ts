import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { startGuarded } from '../guarded'
import { done, firstModel, moduleOf, submit } from '../server'

const WAIT_MS = 600_000
const LONG = { classes: ['8'] }
const SHORT = { classes: ['3'], preset: 'small', settings: { epochs: 8, recover_epochs: 12 } }

test.use({ viewport: { width: 1280, height: 860 } })
test.describe.configure({ mode: 'serial' })

let made = { model: '', module: '', other: '', job: '', sweep: '' }

/** Queue some work; returns the id of what was made. */
async function post(page: Page, path: string, data: object): Promise<string> {
  const reply = await page.request.post(`/api/v1/${path}`, { data })
  expect(reply.ok(), await reply.text()).toBe(true)
  return ((await reply.json()) as { id: string }).id
}

async function open(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.waitForLoadState('networkidle')
  await expect(page.getByText('Loading…')).toHaveCount(0)
}

const fileOf = (name: string) =>
  join(test.info().config.rootDir, `../../../docs/screenshots/${name}.png`)

/** Take a picture of what is seen of a page when it opens. */
async function shoot(page: Page, name: string) {
  await page.mouse.move(0, 0)
  await page.screenshot({ path: fileOf(name) })
}

/** Take a picture of one part of a page, found by its heading. */
async function shootPart(page: Page, heading: string, name: string) {
  const part = page.locator('section').filter({
    has: page.getByRole('heading', { level: 2, name: heading, exact: true }),
  })
  await part.scrollIntoViewIfNeeded()
  await expect(part.getByText('Loading…')).toHaveCount(0)
  const style = 'header { position: static !important }' // or it would lie over the part
  await part.screenshot({ path: fileOf(name), animations: 'disabled', style })
}

test('work is done that there are pictures of', async ({ page, request }) => {
  const model = await firstModel(request)
  const jobs = [
    await submit(request, { classes: ['3'] }),
    await submit(request, SHORT),
    await post(page, 'modularize', {
      model,
      target: { classes: ['3'] },
      preset: SHORT.preset,
      settings: { ...SHORT.settings, goal: 0.5 },
    }),
    await submit(request, { ...SHORT, classes: ['5'] }),
  ]
  const modules: string[] = []
  for (const job of jobs) modules.push(await moduleOf(request, job, WAIT_MS))
  const [module = '', other = ''] = modules
  const sweep = await post(page, 'sweeps', {
    models: [model],
    targets: [{ classes: ['3'] }, { classes: ['8'] }],
    grid: { alpha: [0.5, 2] },
    settings: { epochs: 4 },
  })
  const found = [
    await post(page, 'evaluate', { module }),
    await post(page, `modules/${module}/robustness`, { attack: 'pgd' }),
  ]
  for (const job of found) await done(request, job, WAIT_MS)
  const members = async () =>
    (await (await request.get(`/api/v1/sweeps/${sweep}`)).json()) as { state: string }
  await expect.poll(async () => (await members()).state, { timeout: WAIT_MS }).toBe('succeeded')
  await post(page, 'webhooks', { url: 'http://127.0.0.1:9/platform' })
  made = { model, module, other: modules.slice(0, 3).join(','), job: jobs[0] ?? '', sweep }

  await page.goto('/')
  await page.getByRole('button', { name: 'Got it' }).click()
  await open(page, '/')
  await shoot(page, 'catalogue')
})

test('a job while it runs', async ({ page, request }) => {
  const running = await submit(request, LONG)
  await page.goto(`/jobs/${running}`)
  const progress = page.getByRole('progressbar')
  const share = async () => Number(await progress.getAttribute('aria-valuenow'))
  await expect.poll(share, { timeout: WAIT_MS }).toBeGreaterThanOrEqual(60)
  await shoot(page, 'job')
  await request.post(`/api/v1/jobs/${running}/cancel`)
})

/** Every page that looks the same whenever it is opened, by the name of its picture. */
const pages: Record<string, () => string> = {
  launch: () => `/launch?model=${made.model}&classes=8`,
  module: () => `/modules/${made.module}`,
  try: () => `/modules/${made.module}/try`,
  modules: () => '/modules',
  compare: () => `/compare?modules=${made.other}&differences=1`,
  models: () => '/models',
  model: () => `/models/${made.model}`,
  jobs: () => '/jobs',
  sweeps: () => '/sweeps',
  'sweep-new': () => `/sweeps/new?model=${made.model}`,
  sweep: () => `/sweeps/${made.sweep}`,
  train: () => '/train',
  reuse: () => '/reuse',
  data: () => '/data',
  benchmark: () => '/benchmark',
  settings: () => '/settings',
}

for (const [name, path] of Object.entries(pages)) {
  test(`the page: ${name}`, async ({ page }) => {
    await open(page, path())
    await shoot(page, name)
  })
}

test('what is further down on a page', async ({ page }) => {
  await open(page, `/modules/${made.module}`)
  await expect(page.getByRole('group', { name: 'Network of the Module' })).toBeVisible()
  await shootPart(page, 'The network, before and after', 'network')
  await shootPart(page, 'Similar modules', 'similar')
  await shootPart(page, 'Evaluation', 'evaluation')
  await shootPart(page, 'Robustness', 'robustness')
  await shootPart(page, 'The README in the bundle', 'readme')
  await open(page, `/compare?modules=${made.other}`)
  await shootPart(page, 'Accuracy over cost', 'compare-points')
  await shootPart(page, 'Curves', 'compare-curves')
  await open(page, '/settings')
  await shootPart(page, 'Webhooks', 'webhooks')
})

test('the page: login', async ({ page }) => {
  const server = await startGuarded()
  try {
    await page.goto(server.url)
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
    await shoot(page, 'login')
  } finally {
    await server.stop()
  }
})
