import { expect, test } from '@playwright/test'
import { expectNoFault } from './looks'

/** A group whose names nobody has taken, so that it can be asked for again. */
function newGroup() {
  const name = `e${String(Date.now())}`
  const address = `/train?dataset=digits&architectures=simcnn-w0.0625&subsets=1,2&name=${name}`
  return { address, lastModel: `${name}-simcnn-w0.0625-s2` }
}

test('a group of estimators is asked for and becomes a sweep of its own kind', async ({ page }) => {
  const { address, lastModel } = newGroup()
  await page.goto('/sweeps')
  await page.getByRole('link', { name: 'Train models' }).click()
  await expect(page.getByText('Choose a data set and an architecture')).toBeVisible()

  await page.goto(address)
  await expect(page.getByText('Jobs: 2', { exact: true })).toBeVisible()
  await expectNoFault(page)
  await page.getByRole('button', { name: 'Start training' }).click()

  await expect(page).toHaveURL(/\/sweeps\/\w+$/)
  const models = page.getByRole('region', { name: 'Trained models' })
  await expect(models.getByRole('row')).toHaveCount(3)
  await expect(models.getByRole('link', { name: lastModel })).toBeVisible()
  await expectNoFault(page)
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await expect(page.getByRole('button', { name: 'Try the rest again' })).toBeVisible()
})

test('what is wrong with a training is said before anything is queued', async ({ page }) => {
  await page.goto('/train?dataset=digits&architectures=simnn&name=mine')

  await expect(page.getByText(/no architecture named 'simnn'/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start training' })).toBeDisabled()
})

test('the form fits the narrowest screens', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto(newGroup().address)
  await expect(page.getByText('Jobs: 2', { exact: true })).toBeVisible()

  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
})
