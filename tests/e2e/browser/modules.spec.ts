import { expect, test } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { moduleOf, submit } from './server'

test('what was cut out is seen layer by layer, and two modules side by side', async ({
  page,
  request,
}) => {
  test.slow() // two jobs
  const jobs = [
    await submit(request, { classes: ['0'], settings: { epochs: 1, granularity: 'weight' } }),
    await submit(request, { classes: ['0'], settings: { epochs: 1, granularity: 'channel' } }),
  ]
  const whole = await moduleOf(request, jobs[0] ?? '', 180_000)
  const small = await moduleOf(request, jobs[1] ?? '', 180_000)

  await page.goto(`/modules/${small}`)
  const picture = page.getByRole('group', { name: 'Network of the Module' })
  await expect(picture.getByRole('button', { name: /^fc, / })).toBeVisible()
  await page.getByLabel('Find a layer').fill('features.3')
  await expect(page.getByText('One layer found')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(picture.getByRole('button', { name: /^features\.3, .* kept$/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await picture.getByRole('button', { name: /^features\.3, / }).focus()
  await page.keyboard.press('ArrowUp') // from the convolution to the ReLU before it
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  const layer = page.getByRole('region', { name: 'Figures of the chosen layer' })
  await expect(layer.getByRole('row', { name: /Output of one image 16 × 32 × 32/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'features.0', exact: true })).toBeVisible()
  await page.getByText('Browser', { exact: true }).click()
  await expect(page.getByRole('region', { name: 'Load it' })).toContainText('onnxruntime-web')

  await page.goto('/modules')
  await page.getByRole('checkbox', { name: new RegExp(whole) }).check()
  await page.getByRole('checkbox', { name: new RegExp(small) }).check()
  await page.getByRole('link', { name: 'Compare 2' }).click()
  await expect(page).toHaveURL(new RegExp(`/compare\\?modules=${whole},${small}`))
  const table = page.getByRole('region', { name: 'Side by side' })
  await expect(table.getByRole('row', { name: /What was masked weight .* channel/ })).toBeVisible()
  await expect(table.getByRole('row', { name: /^Preset/ })).toBeVisible()
  await page.getByLabel('Only differences').check()
  await expect(page).toHaveURL(/differences=1/)
  await expect(table.getByRole('row', { name: /^Preset/ })).toHaveCount(0)
  await expect(page.getByText(/: not beaten \(/).first()).toBeVisible()
  await expect(page.getByRole('img', { name: 'Weights kept', exact: true })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)
})
