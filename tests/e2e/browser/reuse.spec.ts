import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { moduleOf, submit } from './server'

const MODULE_MS = 180_000

test('modules are put together for a new task, and the job shows what was gained', async ({
  page,
  request,
}) => {
  test.slow() // three jobs, one after the other
  const jobs = [
    await submit(request, { classes: ['3'], settings: { epochs: 1 } }),
    await submit(request, { classes: ['5'], settings: { epochs: 1 } }),
  ]
  const first = await moduleOf(request, jobs[0] ?? '', MODULE_MS)
  await moduleOf(request, jobs[1] ?? '', MODULE_MS)

  await page.goto(`/reuse?method=new-task&module=${first}&epochs=1`)
  await page.getByLabel('Add single modules').fill('5')
  await page
    .getByRole('button', { name: /^Add 5 · / })
    .first()
    .click()
  await expect(page.getByRole('button', { name: /^Remove 5 · / })).toBeVisible()
  const classes = page.getByRole('group', { name: 'Handwritten digits' })
  await classes.getByText('3', { exact: true }).click()
  await expect(
    page.getByText(/a task needs at least two outputs, there are 1/).first(),
  ).toBeVisible()
  await classes.getByText('5', { exact: true }).click()
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await expect(page.getByText('New task: 3@digits, 5@digits')).toBeVisible()
  const coverage = page.getByRole('region', { name: 'Which module answers for what' })
  await expect(coverage.getByRole('columnheader', { name: '5@digits' })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.reload() // the address keeps what was chosen
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await page.getByRole('button', { name: 'Put together' }).click()
  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expect(page.getByRole('heading', { name: 'What it gains' })).toBeVisible({
    timeout: 240_000,
  })
  const f1 = page.getByRole('region', { name: 'F1 of each module' })
  await expect(f1.getByText('chosen', { exact: true })).toHaveCount(2)
  const options = page.getByRole('region', { name: 'Ways to choose, side by side' })
  await expect(options.getByRole('row', { name: /chosen/ })).toHaveCount(1)
  await expect(options.getByRole('row', { name: /Trained from scratch/ })).toBeVisible()
  await page.getByText('All modules with their files').click()
  await expect(page.getByRole('link', { name: /^Download all files of / })).toHaveCount(2)
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.getByRole('link', { name: 'Open the module' }).click()
  await expect(page).toHaveURL(/\/modules\//)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('what the pool lacks is said before anything is queued', async ({ page, request }) => {
  test.slow() // a job of its own
  const module = await moduleOf(
    request,
    await submit(request, { classes: ['3'], settings: { epochs: 1 } }),
    MODULE_MS,
  )
  await page.goto(`/reuse?module=${module}`)

  await expect(page.getByText(/no module of the pool answers for 0, 1, 2, 4/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Put together' })).toBeDisabled()
  await expectNoFault(page)
  await expectNothingSideways(page)
})

async function expectNoFault(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  }
}

async function expectNothingSideways(page: Page) {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0)
  if (before) await page.setViewportSize(before)
}
