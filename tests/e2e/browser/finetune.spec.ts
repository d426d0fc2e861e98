import { expect, test } from '@playwright/test'
import { bringColours } from './colours'
import { expectNoFault, expectNothingSideways } from './looks'

// As short as a fine-tuning can be: one epoch a step, and masks that close at once.
const SHORTEST = { output_epochs: 1, mask_epochs: 2, lr_mask: 0.5, finetune_epochs: 1 }

test('a model is fine-tuned to new data, and its module is attacked', async ({
  page,
  request,
}, info) => {
  test.slow() // three jobs
  const dataset = await bringColours(request, info.outputPath('colours.npz'))
  const settings = encodeURIComponent(JSON.stringify(SHORTEST))
  await page.goto(`/reuse?method=finetune&model=cnn-digits&how=seam&settings=${settings}`)
  await page.getByLabel('New data set').selectOption(dataset)
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.getByRole('button', { name: 'Fine-tune', exact: true }).click()
  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expect(page.getByRole('heading', { name: 'Fine-tuned: SeaM' })).toBeVisible({
    timeout: 180_000,
  })
  const steps = page.getByRole('region', { name: 'Steps' })
  await expect(steps.getByRole('row')).toHaveCount(4) // the header, and three steps
  await expect(page.getByText('Inherited defects', { exact: true })).toBeVisible()

  await page.getByRole('link', { name: 'Open the module' }).first().click()
  await expect(page).toHaveURL(/\/modules\//)
  const robustness = page.locator('section', {
    has: page.getByRole('heading', { name: 'Robustness', exact: true }),
  })
  await expect(robustness.getByText('Defect inheritance rate')).toBeVisible()
  await robustness.getByLabel('Attack', { exact: true }).selectOption('pgd')
  await robustness.getByRole('button', { name: 'Attack it' }).click()
  await expect(robustness.getByText('Accuracy when pixels may move by 8/255')).toBeVisible({
    timeout: 120_000,
  })
  await expect(page).toHaveURL(/\/modules\/[^?]+$/) // the job is over and no longer followed

  // Within a budget that turns any picture into any other, some answer is sure to change.
  const module = new URL(page.url()).pathname
  const reply = await request.post(`/api/v1${module}/robustness`, {
    data: { attack: 'pgd', settings: { budgets: [1], images: 8 } },
  })
  const { id } = (await reply.json()) as { id: string }
  await page.goto(`${module}?attacking=${id}`)
  await expect(robustness.getByText('Accuracy when pixels may move by 255/255')).toBeVisible({
    timeout: 120_000,
  })
  const itself = robustness.locator('section', {
    has: page.getByRole('heading', { name: 'Attack on itself (PGD)' }),
  })
  await expect(itself.getByText(/^Attacked/).first()).toBeVisible()
  await expect(itself.getByText(/^Difference\s*× \d+$/).first()).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)
})
