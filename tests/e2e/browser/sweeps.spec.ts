import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { firstModel } from './server'

test('settings are compared from the launch page on, which ends in a table with the choice marked', async ({
  page,
  request,
}) => {
  test.slow() // two jobs, one after the other
  const model = await firstModel(request)
  await page.goto(`/launch?model=${model}&settings=${encodeURIComponent('{"epochs":1}')}`)
  await page.getByRole('link', { name: 'Try several settings' }).click()

  await expect(page.getByRole('heading', { name: 'Sweep over targets' })).toBeVisible()
  await expect(page.getByText('Jobs: 10', { exact: true })).toBeVisible()
  await page.getByText('Chosen classes', { exact: true }).click()
  await page.getByText('3', { exact: true }).click()
  await page.getByLabel('Weight charge (alpha)').fill('1, 3')
  await expect(page.getByText('Jobs: 2', { exact: true })).toBeVisible()
  await page.reload() // the address keeps what was chosen
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('1')
  await page.getByRole('button', { name: 'Start the sweep' }).click()

  await expect(page).toHaveURL(/\/sweeps\/\w+$/)
  await expect(page.getByText('2 of 2 jobs')).toBeVisible({ timeout: 240_000 })
  const settings = page.getByRole('region', { name: 'Settings compared' })
  await expect(settings.getByRole('row', { name: /Chosen/ })).toHaveCount(1)
  await expect(page.getByRole('img', { name: /over weights kept/ })).toBeVisible()

  const jobs = page.getByRole('region', { name: 'Jobs' })
  await jobs.getByRole('button', { name: 'Weights kept' }).click()
  await expect(jobs.getByRole('columnheader', { name: 'Weights kept' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  await expectNoFault(page)
  await expectNothingSideways(page)

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download CSV' }).last().click()
  const lines = (await readFile(await (await downloading).path(), 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(3)

  await jobs.getByRole('link', { name: '3' }).first().click()
  await expect(page).toHaveURL(/\/jobs\/\w+/)
})

test('all that is wrong with a sweep is said before anything is queued', async ({
  page,
  request,
}) => {
  const model = await firstModel(request)
  const values = JSON.stringify({ alpha: '1, -1', epochs: '0' })
  await page.goto(`/sweeps/new?model=${model}&settings=${encodeURIComponent(values)}`)

  const plan = page.getByRole('status').filter({ hasText: 'This cannot be done yet' })
  await expect(plan).toContainText('Epochs')
  await expect(plan).toContainText('Weight charge (alpha)')
  await expect(page.getByRole('button', { name: 'Start the sweep' })).toBeDisabled()
  await expectNoFault(page)
  await expectNothingSideways(page)
})

test('a sweep can be cancelled as a whole and tried again', async ({ page, request }) => {
  const model = await firstModel(request)
  const reply = await request.post('/api/v1/sweeps', {
    data: { models: [model], targets: 'every class', settings: { epochs: 500 } },
  })
  const { id } = (await reply.json()) as { id: string }
  await page.goto('/sweeps')
  await page
    .getByRole('link', { name: /Every class/ })
    .first()
    .click()

  await page.getByRole('button', { name: 'Cancel all' }).click()
  await expect(page.getByText('10 of 10 jobs', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Try the rest again' }).click()
  await expect(page.getByText('0 of 10 jobs', { exact: true })).toBeVisible()
  await request.post(`/api/v1/sweeps/${id}/cancel`)

  await page.goto('/sweeps')
  await expect(page.getByRole('row', { name: /Every class/ }).first()).toContainText('10/10', {
    timeout: 60_000,
  })
  await expectNoFault(page)
  await expectNothingSideways(page)
})
