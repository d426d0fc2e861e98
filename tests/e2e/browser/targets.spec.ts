import { expect, test } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { firstModel } from './server'

test('a search for a group ends in a plan for all its classes', async ({ page }) => {
  await page.goto('/?q=even')
  await page.getByRole('link', { name: 'even', exact: true }).first().click()

  await expect(page).toHaveURL(/group=even/)
  await expect(page.getByRole('radio', { name: 'even' })).toBeChecked()
  await expect(page.getByText('0, 2, 4, 6, 8')).toBeVisible()
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
})

test('classes are drawn at random and told before the work begins', async ({ page, request }) => {
  await page.goto(`/launch?model=${await firstModel(request)}`)
  await page.getByText('At random', { exact: true }).click()
  await page.getByLabel('Number of classes').fill('4')
  await page.getByLabel('Training images per output').fill('20')
  await page.getByLabel('Seed of the draw').fill('3')

  await expect(page.getByText(/^Drawn: (\d, ){3}\d\.$/)).toBeVisible()
  await expect(page.getByText('The search learns from 20 images per output.')).toBeVisible()
  const drawn = await page.getByText(/^Drawn:/).textContent()
  await page.reload() // the address holds everything
  await expect(page.getByText(drawn ?? '')).toBeVisible()
})

test('a target with fewer images gets smaller batches', async ({ page, request }) => {
  await page.goto(`/launch?model=${await firstModel(request)}&random=9`)
  const batch = page.getByLabel('Batch size', { exact: true })
  await expect(batch).toHaveValue('16')

  await page.getByLabel('Training images per output').fill('20')

  await expect(batch).toHaveValue('4')
})

test('what is wrong with a target is said at its field', async ({ page, request }) => {
  await page.goto(`/launch?model=${await firstModel(request)}&group=evn&shots=5000`)
  await expect(page.getByRole('group', { name: 'A named group' })).toContainText(
    "no group of digits named 'evn'; known: even, odd, round",
  )

  await page.getByRole('radio', { name: 'odd' }).check()
  await expect(page.getByLabel('Training images per output')).toHaveAccessibleDescription(
    /5000 shots are outside 1-/,
  )
  await expect(page.getByRole('button', { name: 'Modularize' })).toBeDisabled()
})

test('several classes become one module or a group of jobs, from one form', async ({
  page,
  request,
}) => {
  await page.goto(`/launch?model=${await firstModel(request)}&classes=3&classes=5`)
  await expect(page.getByText('3, 5 from', { exact: false })).toBeVisible()

  await page.getByText('A module of each', { exact: true }).click()
  await expect(page.getByText('Jobs: 2', { exact: true })).toBeVisible()
  await page.getByLabel('Training images per output').fill('5000')
  await expect(page.getByLabel('Training images per output')).toHaveAccessibleDescription(
    /5000 shots are outside 1-/,
  )
  await page.getByLabel('Training images per output').fill('20')
  await page.reload() // the address holds everything
  await expect(page.getByText('Jobs: 2', { exact: true })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.getByRole('button', { name: 'Modularize' }).click()
  await expect(page).toHaveURL(/\/sweeps\/\w+$/)
  await expect(page.getByText('of 2 jobs')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await expect(page.getByRole('button', { name: 'Try the rest again' })).toBeVisible()
})
