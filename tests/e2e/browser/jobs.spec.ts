import { expect, test } from '@playwright/test'
import { firstModel, submit } from './server'

test('a running job can be cancelled and tried again', async ({ page, request }) => {
  const job = await submit(request, {
    classes: ['4'],
    settings: { epochs: 200 },
  })
  await page.goto(`/jobs/${job}`)
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()

  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Attempt 2')).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
})

test('the list of jobs keeps its filter in the address', async ({ page }) => {
  await page.goto('/jobs')
  await page.getByLabel('State').selectOption('cancelled')
  await expect(page).toHaveURL(/state=cancelled/)
  await page.reload()
  await expect(page.getByLabel('State')).toHaveValue('cancelled')
  await expect(page.getByRole('row').filter({ hasText: 'Running' })).toHaveCount(0)
})

test('all that is wrong with a request is said at once, each at its field', async ({
  page,
  request,
}) => {
  const model = await firstModel(request)
  const settings = JSON.stringify({ epochs: 0, lr_mask: 7 })
  await page.goto(`/launch?model=${model}&classes=3&settings=${encodeURIComponent(settings)}`)
  const plan = page.getByRole('status').filter({ hasText: 'This cannot be done yet' })
  await expect(plan).toContainText('Epochs')
  await expect(plan).toContainText('Learning rate of the masks')
  await expect(page.getByRole('button', { name: 'Modularize' })).toBeDisabled()

  await page.getByLabel('Epochs', { exact: true }).fill('24')
  await page.getByLabel('Learning rate of the masks').fill('0.1')
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
})

test('an unknown class and an unknown model are named', async ({ page, request }) => {
  const model = await firstModel(request)
  await page.goto(`/launch?model=${model}&classes=zebra`)
  await expect(page.getByText(/zebra/).first()).toBeVisible()
  await page.goto('/launch?model=nothing')
  await expect(page.getByText(/There is no model named “nothing”/)).toBeVisible()
})

test('what does not exist says so and offers a way on', async ({ page }) => {
  await page.goto('/jobs/unknown')
  await expect(page.getByRole('alert')).toContainText('unknown')
  await page.goto('/no-such-page')
  await page.getByRole('link', { name: 'To the catalogue' }).click()
  await expect(page).toHaveURL('/')
})
