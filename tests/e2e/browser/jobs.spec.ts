import { expect, test } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { firstModel, someSweep, submit } from './server'

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
  const second = page.getByRole('button', { name: 'Log of attempt 2' })
  await expect(second).toBeVisible({ timeout: 30_000 })

  const log = page.getByRole('log')
  await expect(log).toContainText('Attempt 2: 4 from')
  await page.getByRole('button', { name: 'Log of attempt 1' }).click()
  await expect(page).toHaveURL(/attempt=1/)
  await expect(log).not.toContainText('Attempt 2: 4 from')
  await page.getByLabel('Find in the log').fill('ATTEMPT 1')
  await expect(log.getByText('Attempt 1: 4 from')).toBeVisible()
  await expect(log.locator('time')).toHaveCount(1)
  await page.getByLabel('Level').selectOption('error')
  await expect(log).toContainText('No line is like this.')

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  expect((await downloading).suggestedFilename()).toBe(`job-${job}.log`)

  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Where the time went' })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.getByRole('link', { name: 'Edit and start again' }).click()
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('200')
  await expect(page.getByText('1 changed')).toBeVisible()
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await expect(page.getByText(/At most .* on the disk/)).toBeVisible()
})

test('jobs are found, and several are dealt with at once', async ({ page, request }) => {
  const sweep = await someSweep(request, await firstModel(request))
  await page.goto('/jobs')
  await page.getByLabel('State').selectOption('cancelled')
  await expect(page).toHaveURL(/state=cancelled/)
  await page.getByLabel('Find by name or id').fill('5 FROM')
  await expect(page).toHaveURL(/q=5/)
  await page.reload() // the address keeps the filters
  await expect(page.getByLabel('State')).toHaveValue('cancelled')
  const found = page.getByRole('row').filter({ hasText: '5 from' })
  await expect(found.first()).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Running' })).toHaveCount(0)

  await page.getByLabel('Select all jobs on this page').check()
  await expectNoFault(page)
  await expectNothingSideways(page)
  await page.getByRole('button', { name: 'Try again (' }).click()
  await expect(page.getByText('No job is like this')).toBeVisible() // none is cancelled any more
  await request.post(`/api/v1/sweeps/${sweep}/cancel`)
  await page.reload()
  await page.getByLabel('Select all jobs on this page').check()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No job is like this')).toBeVisible()
  await page.getByRole('link', { name: 'Show all jobs' }).click()
  await expect(page.getByRole('row').nth(1)).toBeVisible()
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
  await page.getByRole('link', { name: 'To the list' }).click()
  await expect(page).toHaveURL('/jobs')
  await page.goto('/?q=3&cursor=gone')
  await page.getByRole('link', { name: 'Back to the first page' }).click()
  await expect(page).toHaveURL('/?q=3')
  await page.goto('/no-such-page')
  await page.getByRole('link', { name: 'To the catalogue' }).click()
  await expect(page).toHaveURL('/')
})
