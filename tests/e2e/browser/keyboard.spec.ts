import { expect, test, type Locator, type Page } from '@playwright/test'
import { someModule } from './server'

/** Controls that lie between the heading of a page and the last thing one wants there. */
const MOST_PRESSES = 80

test('from the search to a module that is tried, kept, compared and deleted, without a mouse', async ({
  page,
  request,
}) => {
  test.slow() // two jobs, and an engine of 14 MB
  const other = await someModule(request, '0')

  // The catalogue, past its navigation, to the card of a class.
  await page.goto('/')
  const search = page.getByRole('searchbox')
  await expect(search).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(search).toBeFocused()
  await page.keyboard.type('5')
  await expect(page).toHaveURL(/q=5/)
  const onDemand = page.getByRole('article').filter({ hasText: 'Not made yet' })
  await press(page, onDemand.getByRole('link', { name: '5', exact: true }).first())
  await expectAtHeading(page, 'Cut a module out')

  // The wizard: another preset and back, and fewer epochs.
  await expect(page.getByRole('checkbox', { name: '5' })).toBeChecked()
  const preset = page.getByLabel('Preset')
  await reach(page, preset)
  await page.keyboard.press('ArrowDown')
  await expect(preset).toHaveValue('small')
  await page.keyboard.press('ArrowUp')
  await expect(preset).toHaveValue('fast')
  await reach(page, page.getByLabel('Epochs', { exact: true }))
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('2')
  await expect(page).toHaveURL(/epochs/)
  await press(page, page.getByRole('button', { name: 'Modularize' }))

  // The job, to its end.
  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expectAtHeading(page, /5/)
  await press(page, page.getByRole('link', { name: 'Open the module' }))
  await expectAtHeading(page, '5')
  const address = new URL(page.url()).pathname
  const made = address.replace('/modules/', '')

  // Its recipe leads to the same form; the module is tried on a test image.
  await press(page, page.getByRole('link', { name: 'Use this recipe again' }))
  await expectAtHeading(page, 'Cut a module out')
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('2')
  await page.goBack()
  await press(page, page.getByRole('link', { name: 'Try it' }))
  await expect(page).toHaveURL(`${address}/try`)
  await expectAtHeading(page, /5/)
  await press(page, page.getByRole('button', { name: /^Test image of / }).first())
  await expect(page.getByRole('article')).toHaveCount(1, { timeout: 60_000 })

  // Back on its page, a file is taken along.
  await page.keyboard.press('Home')
  await press(page, page.getByRole('link', { name: 'Back to the module' }), 'Shift+Tab')
  await expectAtHeading(page, '5')
  const downloading = page.waitForEvent('download')
  await press(page, page.getByRole('link', { name: 'Download module.onnx' }))
  expect((await downloading).suggestedFilename()).toContain('onnx')

  // Two modules are sought and compared.
  await press(page, page.getByRole('link', { name: 'Compare', exact: true }), 'Shift+Tab')
  const wanted = page.getByLabel('Search modules by class, model or data set')
  await reach(page, wanted)
  for (const [digit, id] of [
    ['5', made],
    ['0', other],
  ] as const) {
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(digit)
    await press(page, page.getByRole('button', { name: new RegExp(`^Add ${digit} ·.* ${id}$`) }))
    await expect(page.getByRole('button', { name: `Remove ${digit} · ${id}` })).toBeVisible()
    await expect(wanted).toBeFocused()
  }
  await expect(page.getByText('These cannot be compared')).toBeVisible()

  // One is deleted, on second thoughts.
  const table = page.getByRole('region', { name: 'Side by side' })
  await press(page, table.getByRole('link', { name: '5', exact: true }))
  await expectAtHeading(page, '5')
  const dialog = page.getByRole('dialog')
  const ask = page.getByRole('button', { name: 'Delete' })
  await press(page, ask)
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(ask).toBeFocused()
  await page.keyboard.press('Enter')
  await press(page, dialog.getByRole('button', { name: 'Delete' }))
  await expect(page.getByText('The module was deleted.')).toBeVisible()
  await expectAtHeading(page, 'Modules')
  await expect(page.locator(`a[href="${address}"]`)).toHaveCount(0)
})

/** The page that has been opened begins at its heading. */
async function expectAtHeading(page: Page, name: string | RegExp) {
  const heading = page.getByRole('heading', { level: 1, name })
  await expect(heading).toBeFocused()
}

/** Go to the control, and press it. */
async function press(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  await reach(page, control, key)
  await page.keyboard.press('Enter')
}

/** Wait for the control, and go on from one to the next until it has the focus. */
async function reach(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  await expect(control).toBeEnabled({ timeout: 90_000 })
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    await page.keyboard.press(key)
    if (await control.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`no way to ${control.toString()} by keyboard`)
}
