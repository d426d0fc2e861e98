import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
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

async function expectNoFault(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
}

for (const [name, path] of Object.entries(pages)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds no fault: ${name}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await open(page, path())
      await expectNoFault(page)
    })
  }

  test(`nothing scrolls sideways on a narrow phone: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await open(page, path())
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(excess).toBeLessThanOrEqual(0)
  })
}

test('axe finds no fault: a job while it runs', async ({ page, request }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
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
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page, `/modules/${made.module}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectNoFault(page)
})

test('the main path needs no mouse', async ({ page }) => {
  await page.goto('/')
  const five = page.getByRole('link', { name: '5', exact: true }).first()
  await expect(page.getByLabel('Search classes, groups, models and data sets')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()

  await tabTo(page, 'Search classes, groups, models and data sets')
  await page.keyboard.type('5')
  await expect(page).toHaveURL(/q=5/)
  await expect(five).toBeVisible()
  await tabTo(page, '5')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()

  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await tabTo(page, 'Modularize')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await tabTo(page, 'Cancel')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
})

test('a module is taken along, kept and tried without a mouse', async ({ page }) => {
  await open(page, `/modules/${made.module}`)
  await tabTo(page, 'Download all (zip)')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.keyboard.press('Enter'),
  ])
  expect(download.suggestedFilename()).toContain('.zip')

  await tabTo(page, 'Delete')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Delete' })).toBeFocused()

  await page.keyboard.press('Shift+Tab') // back over the recipe
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/try$/)
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  const sample = page.getByRole('button', { name: /^Test image of / }).first()
  await expect(sample).toBeVisible()
  await tabTo(page, (await sample.getAttribute('aria-label')) ?? '')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No picture yet')).toHaveCount(0)
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

/** Press Tab until the control of this name has the focus. */
async function tabTo(page: Page, name: string) {
  const focused = page.locator(':focus')
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    const label = (await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? ''
    const isControl = await focused.evaluate((element) => !element.closest('nav'))
    if (isControl && label.trim() === name) return
  }
  throw new Error(`no way to "${name}" by keyboard`)
}
