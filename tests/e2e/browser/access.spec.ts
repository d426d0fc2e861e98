import { expect, test, type Page } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { firstModel, moduleOf, someSweep, submit } from './server'

let made = { model: '', job: '', module: '', sweep: '' }

test.beforeAll(async ({ request }) => {
  const model = await firstModel(request)
  const job = await submit(request, {
    classes: ['7'],
    settings: { epochs: 2 },
  })
  made = {
    model,
    job,
    module: await moduleOf(request, job),
    sweep: await someSweep(request, model),
  }
})

/** Every page, by name; the addresses of some are known only once something has been made. */
const pages: Record<string, () => string> = {
  catalogue: () => '/',
  'empty catalogue': () => '/?q=nothing-is-called-this',
  'launch form': () => `/launch?model=${made.model}&classes=3`,
  'launch form with faults': () =>
    `/launch?model=${made.model}&classes=3&settings=${encodeURIComponent('{"epochs":0}')}`,
  'launch form by group': () => `/launch?model=${made.model}&group=even`,
  'launch form with random classes': () => `/launch?model=${made.model}&random=4&shots=9`,
  jobs: () => '/jobs',
  job: () => `/jobs/${made.job}`,
  'comparison of jobs': () => `/compare?jobs=${made.job}`,
  modules: () => '/modules',
  module: () => `/modules/${made.module}`,
  models: () => '/models',
  model: () => `/models/${made.model}`,
  'sweep form': () => `/sweeps/new?model=${made.model}`,
  'sweep form with random classes': () =>
    `/sweeps/new?model=${made.model}&targets=random&random=3&shots=9`,
  sweeps: () => '/sweeps',
  sweep: () => `/sweeps/${made.sweep}`,
  benchmark: () => '/benchmark',
  settings: () => '/settings',
  'missing page': () => '/no-such-page',
}

/** Open a page and wait for what it fetches, so that the whole of it is judged. */
async function open(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.waitForLoadState('load')
  await expect(page.getByText('Loading…')).toHaveCount(0)
}

for (const [name, path] of Object.entries(pages)) {
  test(`axe finds no fault, and nothing scrolls sideways on a phone: ${name}`, async ({ page }) => {
    await open(page, path())
    await expectNoFault(page)
    await expectNothingSideways(page)
  })
}

test('axe finds no fault: a job while it runs', async ({ page, request }) => {
  const job = await submit(request, {
    classes: ['6'],
    settings: { epochs: 500 },
  })
  await open(page, `/jobs/${job}`)
  await expect(page.getByRole('img', { name: 'Share kept' })).toBeVisible({
    timeout: 60_000,
  })
  await expectNoFault(page)
  await request.post(`/api/v1/jobs/${job}/cancel`)
})

test('axe finds no fault: the question before a module is deleted', async ({ page }) => {
  await open(page, `/modules/${made.module}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectNoFault(page)
})

test('language and theme are switched at once and remembered', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('只取')
  await page.getByRole('button', { name: /主题/ }).click()
  await page.getByRole('button', { name: /主题/ }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
})

test('forms, jobs and sweeps speak Chinese, whatever the server says', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: '中文' }).click()
  await page.goto(`/launch?model=${made.model}&classes=3`)
  await expect(page.getByLabel('掩码的学习率')).toBeVisible()
  await expect(page.getByLabel('预设')).toContainText('快速')
  await expect(page.getByRole('status').filter({ hasText: '3（取自' })).toBeVisible()

  await page.goto(`/jobs/${made.job}`)
  await expect(page.getByText('区分一个类别（组）与其余')).toBeVisible()
  await expect(page.getByText('标记处为选中的轮次。')).toBeVisible()

  await page.goto(`/sweeps/${made.sweep}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('取自')
})
