import { expect, test } from '@playwright/test'
import { moduleOf, submit } from './server'

test('the catalogue is searched, narrowed, shared by its address, and undone', async ({
  page,
  request,
}) => {
  await moduleOf(request, await submit(request, { classes: ['1'], settings: { epochs: 1 } }))

  await page.goto('/')
  await expect(page.getByRole('heading', { name: '1. Choose a capability' })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('1')
  await expect(page).toHaveURL(/q=1/)
  await expect(page.getByRole('article').first()).toContainText('Ready')
  const strip = page.getByRole('img', { name: 'Images of 1', exact: true }).first().locator('img')
  await expect(strip).toHaveJSProperty('complete', true)
  await expect(strip).not.toHaveJSProperty('naturalWidth', 0)

  await page.getByRole('checkbox', { name: /On demand/ }).check()
  await expect(page).toHaveURL(/ready=false/)
  await expect(page.getByRole('article').first()).toContainText('Not made yet')
  await page.goBack()
  await expect(page).not.toHaveURL(/ready=false/)
  await expect(page.getByRole('article').first()).toContainText('Ready')

  await page.goto('/?q=1&min_accuracy=0.01')
  await expect(page.getByText(/Leaves out .* never measured/).first()).toBeVisible()
  await expect(page.getByRole('slider', { name: 'Accuracy, at least' })).toBeEnabled()
  await expect(page.getByText('On demand', { exact: true })).toHaveCount(0)
})

test('the benchmark shows what others published and what to run first', async ({ page }) => {
  await page.goto('/benchmark')
  const row = page.getByRole('row', { name: /vgg16-bn CIFAR-10,/ })
  await expect(row).toContainText('96.50% → 97.12%')
  await expect(row).toContainText('nothing yet')
  await expect(row).toContainText('modelfoundry data get cifar10')
})

test('every section is a menu away on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/benchmark')
  const menu = page.getByRole('button', { name: 'Menu' })
  await menu.click()
  await page.keyboard.press('Escape')
  await expect(menu).toBeFocused()
  await expect(page.getByRole('link', { name: 'Sweeps' })).toBeHidden()

  await menu.click()
  await page.getByRole('link', { name: 'Sweeps' }).click()
  await expect(page).toHaveURL(/\/sweeps$/)
  await expect(menu).toHaveAttribute('aria-expanded', 'false')
  await expect(page.getByRole('navigation', { name: 'Pages of Jobs' })).toBeVisible()
})
