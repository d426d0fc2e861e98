import { expect, test } from '@playwright/test'
import { firstModel } from './server'

test('while the server is away pages stay and say so, and go on when it is back', async ({
  page,
  request,
}) => {
  const start = page.locator('button[type=submit]', { hasText: 'Modularize' })
  const banner = page.getByText('What you see may be out of date')
  await page.goto(`/launch?model=${await firstModel(request)}&classes=3&classes=4`)
  await expect(start).toBeEnabled()

  await page.route('**', (route) => route.abort('connectionrefused'))
  await page.getByRole('checkbox', { name: '5', exact: true }).press('Space')
  await expect(page.getByText('the server cannot be reached;')).toBeVisible()
  await page.getByRole('link', { name: 'Benchmark' }).click()
  await expect(banner).toBeVisible()
  await expect(page).toHaveURL(/\/launch/)
  await expect(start).toBeDisabled()

  await page.unroute('**')
  await expect(start).toBeEnabled()
  await expect(banner).toBeHidden()
})

test('the next page of a list begins at its top', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(page).toHaveURL(/cursor=/)
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0)

  await page.goBack()
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0)
})
