import AxeBuilder from '@axe-core/playwright'
import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { moduleOf, submit } from './server'

const MODULE_MS = 180_000

/** Some module of the digits: one that another file has made, or a new one. */
async function anyModule(request: APIRequestContext): Promise<string> {
  const { items } = (await (await request.get('/api/v1/modules')).json()) as {
    items: { id: string; manifest: { algorithm: string; target: { kind: string } } }[]
  }
  const made = items.find(
    ({ manifest }) => manifest.algorithm === 'seam' && manifest.target.kind === 'binary',
  )
  if (made) return made.id
  const job = await submit(request, { classes: ['3'], settings: { epochs: 1 } })
  return moduleOf(request, job, MODULE_MS)
}

test('a module is tried beside its original, in the browser and on the server', async ({
  page,
  request,
  baseURL,
}) => {
  test.slow() // may have to make a module, and loads an engine of 14 MB
  const foreign: string[] = []
  page.on('request', (each) => {
    const isOurs = [baseURL ?? '', 'data:', 'blob:'].some((start) => each.url().startsWith(start))
    if (!isOurs) foreign.push(each.url())
  })
  const sent: string[] = []
  page.on('request', (each) => {
    if (each.method() === 'POST') sent.push(each.url())
  })
  await page.goto(`/modules/${await anyModule(request)}`)
  await page.getByRole('link', { name: 'Try it' }).click()

  // A test image, in the browser: nothing is sent.
  const answers = page.getByRole('article')
  await page
    .getByRole('button', { name: /^Test image of/ })
    .first()
    .click()
  await expect(answers).toHaveCount(1, { timeout: 60_000 })
  const shares = () =>
    answers
      .first()
      .getByText(/^\d+\.\d%$/)
      .allTextContents()
  const inBrowser = await shares()
  await expect(answers.first().getByRole('group', { name: 'Original' })).toBeVisible()
  expect(sent).toEqual([])
  expect(foreign).toEqual([])

  // The same on the server gives the same answer.
  await page.getByText('On the server', { exact: true }).click()
  await page
    .getByRole('button', { name: /^Test image of/ })
    .first()
    .click()
  await expect(answers).toHaveCount(2)
  expect(await shares()).toEqual(inBrowser)

  // What is no picture is said by its name; both ways.
  await page.getByText('Files', { exact: true }).click()
  const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }
  await page.getByLabel('Choose pictures').last().setInputFiles(notes)
  await expect(page.getByRole('alert')).toContainText('notes.txt is no image')
  await page.getByText('In this browser', { exact: true }).click()
  await page.getByLabel('Choose pictures').last().setInputFiles(notes)
  await expect(page.getByRole('alert')).toContainText('cannot read it as a picture')

  // Drawn by keyboard alone.
  await page.getByText('Draw', { exact: true }).click()
  await page.getByRole('application', { name: 'Drawing area' }).focus()
  await page.keyboard.press('Space')
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Space'])
    await page.keyboard.press(key)
  await expect(answers).toHaveCount(3)
  await expectNoFault(page)
})

test('a fine-tuning is checked before it is started', async ({ page }) => {
  await page.goto('/reuse?method=finetune')
  await expect(page.getByText('Choose a model and a data set.')).toBeVisible()
  await page.goto('/reuse?method=finetune&model=cnn-digits&dataset=digits&thresholds=0.3,2')
  await expect(page.getByText('This cannot be done yet:')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Fine-tune' })).toBeDisabled()
  await expectNoFault(page)
})

async function expectNoFault(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  }
  await page.setViewportSize({ width: 360, height: 740 })
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 720 })
}
