import { expect, test } from '@playwright/test'
import { splitColours } from './colours'
import { expectNoFault, expectNothingSideways } from './looks'
import { someModule } from './server'

test('modules are put together for a new task, and the job shows what was gained', async ({
  page,
  request,
}) => {
  test.slow() // three jobs, one after the other
  const first = await someModule(request, '3')
  await someModule(request, '5')

  await page.goto(`/reuse?method=new-task&module=${first}&epochs=1`)
  await page.getByLabel('Add single modules').fill('5')
  await page
    .getByRole('button', { name: /^Add 5 · / })
    .first()
    .click()
  await expect(page.getByRole('button', { name: /^Remove 5 · / })).toBeVisible()
  const classes = page.getByRole('group', { name: 'Handwritten digits' })
  await classes.getByText('3', { exact: true }).click()
  await expect(
    page.getByText(/a task needs at least two outputs, there are 1/).first(),
  ).toBeVisible()
  await classes.getByText('5', { exact: true }).click()
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await expect(page.getByText('New task: 3@digits, 5@digits')).toBeVisible()
  const coverage = page.getByRole('region', { name: 'Which module answers for what' })
  await expect(coverage.getByRole('columnheader', { name: '5@digits' })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.reload() // the address keeps what was chosen
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await page.getByRole('button', { name: 'Put together' }).click()
  await expect(page).toHaveURL(/\/jobs\/\w+/)
  await expect(page.getByRole('heading', { name: 'What it gains' })).toBeVisible({
    timeout: 240_000,
  })
  const f1 = page.getByRole('region', { name: 'F1 of each module' })
  await expect(f1.getByText('chosen', { exact: true })).toHaveCount(2)
  const options = page.getByRole('region', { name: 'Ways to choose, side by side' })
  await expect(options.getByRole('row', { name: /chosen/ })).toHaveCount(1)
  await expect(options.getByRole('row', { name: /Trained from scratch/ })).toBeVisible()
  await page.getByText('All modules with their files').click()
  await expect(page.getByRole('link', { name: /^Download all files of / })).toHaveCount(2)
  await expectNoFault(page)
  await expectNothingSideways(page)

  await page.getByRole('link', { name: 'Open the module' }).click()
  await expect(page).toHaveURL(/\/modules\//)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('what the pool lacks is said before anything is queued', async ({ page, request }) => {
  const module = await someModule(request, '3')
  await page.goto(`/reuse?module=${module}`)

  await expect(page.getByText(/no module of the pool answers for 0, 1, 2, 4/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Put together' })).toBeDisabled()
  await expectNoFault(page)
  await expectNothingSideways(page)
})

test('a weak class is mended by a module', async ({ page, request }) => {
  test.slow() // a job
  await page.goto(`/reuse?method=patch&module=${await someModule(request, '3')}`)
  await page.getByLabel('Weak model').selectOption('cnn-digits')
  await page.getByLabel('Class to mend').selectOption('3')
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await page.getByRole('button', { name: 'Put together' }).click()

  const table = page.getByRole('region', { name: 'Before and after' })
  for (const measure of ['Precision', 'Recall', 'F1', 'Accuracy of the other classes']) {
    const row = table.getByRole('row', { name: new RegExp(`^${measure} .*%.* points$`) })
    await expect(row).toBeVisible({ timeout: 240_000 })
  }
  await expect(
    page.getByRole('region', { name: 'F1 of each module' }).getByText('chosen', { exact: true }),
  ).toHaveCount(1)
  await expectNoFault(page)
  await expectNothingSideways(page)
})

test('every pair of two data sets is told apart, and one becomes a task', async ({
  page,
  request,
}, info) => {
  test.slow() // three jobs, one after the other
  const modules = [await someModule(request, '3'), await someModule(request, '5')]
  const { model, dataset } = await splitColours(request, info.outputPath('colours.npz'))

  await page.goto(
    `/reuse?method=every-pair&from=${model}&module=${modules.join('&module=')}&first=digits`,
  )
  await page.getByLabel('Second data set').selectOption(dataset)
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await page.getByRole('button', { name: 'Put together' }).click()

  await expect(page.getByText(/^4 pairs, .* in the mean/)).toBeVisible({ timeout: 240_000 })
  await page.getByText('All pairs as a list').click()
  const list = page.getByRole('region', { name: 'All pairs as a list' })
  await list.getByRole('button', { name: 'digits', exact: true }).click()
  await list.getByRole('button', { name: 'digits', exact: true }).click()
  await expect(page).toHaveURL(/pairs=-a/)
  await expect(list.getByRole('row').nth(1)).toContainText('5')
  await expectNoFault(page)
  await expectNothingSideways(page)

  await list.getByRole('link', { name: `Put 5@digits and red@${dataset} together` }).click()
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await expect(page.getByText(`New task: 5@digits, red@${dataset}`)).toBeVisible()
})
