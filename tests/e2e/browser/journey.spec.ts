import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'

test('a search ends in a downloaded module that is what the page promised', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('searchbox').fill('3')
  await expect(page).toHaveURL(/q=3/)
  await page.getByRole('link', { name: '3', exact: true }).first().click()

  await expect(page.getByRole('heading', { name: 'Cut a module out' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: '3' })).toBeChecked()
  await page.getByLabel('Epochs', { exact: true }).fill('8')
  await page.getByRole('button', { name: 'Modularize' }).click()

  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expect(page.getByRole('img', { name: 'Accuracy on the validation images' })).toBeVisible({
    timeout: 60_000,
  })
  const lines = page.getByRole('log').locator('time')
  const before = await lines.count()
  await page.reload() // in the middle: everything that was there is there again
  await expect.poll(() => lines.count()).toBeGreaterThanOrEqual(before)

  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible({
    timeout: 90_000,
  })
  await page.getByRole('link', { name: 'Open the module' }).click()

  await expect(page.getByRole('heading', { name: '3', level: 1 })).toBeVisible()
  await expect(page.getByRole('row', { name: /Accuracy on test images/ })).toContainText('%')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download module.onnx' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toContain('onnx')
  const path = await download.path()
  const shown = page.getByRole('listitem').filter({ hasText: 'module.onnx' }).getByRole('code')
  expect(await sha256Of(path)).toBe(await shown.textContent())

  await page.goto('/?q=3')
  await expect(page.getByText('Ready', { exact: true })).toBeVisible()
})

async function sha256Of(path: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await readFile(path))
  return Buffer.from(digest).toString('hex')
}
