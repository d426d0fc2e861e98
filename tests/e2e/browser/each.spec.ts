import { expect, test } from '@playwright/test'
import { SHORTEST_SPLIT } from './colours'
import { firstModel } from './server'

test('one search makes a module of each class, followed side by side', async ({
  page,
  request,
}) => {
  test.setTimeout(300_000) // a search and two bundles, on a machine that may be busy
  const model = await firstModel(request)
  const settings = encodeURIComponent(JSON.stringify(SHORTEST_SPLIT))
  await page.goto(`/launch?model=${model}&algorithm=gradsplitter&settings=${settings}`)
  await expect(page.getByRole('heading', { name: 'A module of each' })).toBeVisible()
  await expect(page.getByText('10 modules, one for each class')).toBeVisible()
  await page.getByRole('checkbox', { name: '8', exact: true }).press('Space')
  await expect(page.getByText('alone leaves nothing to tell it from').first()).toBeVisible()
  await page.getByRole('checkbox', { name: '9', exact: true }).press('Space')
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await page.getByRole('button', { name: 'Modularize' }).click()

  await expect(page.getByRole('heading', { name: '2 modules' })).toBeVisible({ timeout: 240_000 })
  await expect(page.getByRole('listitem').filter({ hasText: 'kernels' })).toHaveCount(2)
  await page.getByRole('link', { name: '9', exact: true }).click({ timeout: 240_000 })

  await expect(page.getByRole('heading', { name: '9', level: 1 })).toBeVisible()
  await expect(page.getByRole('row', { name: /Kernels of convolutions/ })).toBeVisible()
})
