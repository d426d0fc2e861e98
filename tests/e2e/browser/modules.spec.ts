import { expect, test } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { moduleOf, someModule, submit } from './server'

test('what was cut out is seen layer by layer, and two modules side by side', async ({
  page,
  request,
}) => {
  test.slow() // three jobs
  const jobs = [
    await submit(request, { classes: ['0'], settings: { epochs: 1, granularity: 'weight' } }),
    await submit(request, { classes: ['0'], settings: { epochs: 1, granularity: 'channel' } }),
    await submit(request, { classes: ['1'], settings: { epochs: 1 } }),
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

  await moduleOf(request, jobs[2] ?? '', 180_000)
  await page.reload()
  const similar = page.getByRole('region', { name: 'Similar modules' })
  await similar.getByRole('rowheader').getByRole('link').last().focus()
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(new RegExp(small))
  await expect(page.getByRole('heading', { name: 'Similar modules' })).toBeVisible()

  await page.goto('/modules')
  await page.getByRole('checkbox', { name: new RegExp(whole) }).check()
  await page.getByRole('checkbox', { name: new RegExp(small) }).check()
  await page.getByRole('link', { name: 'Compare 2' }).click()
  await expect(page).toHaveURL(new RegExp(`/compare\\?modules=${whole},${small}`))
  const table = page.getByRole('region', { name: 'Side by side' })
  await expect(
    table.getByRole('row', { name: /^What was masked Single weights .* Whole channels/ }),
  ).toBeVisible()
  await expect(table.getByRole('row', { name: /^Preset/ })).toBeVisible()
  await page.getByLabel('Only differences').check()
  await expect(page).toHaveURL(/differences=1/)
  await expect(table.getByRole('row', { name: /^Preset/ })).toHaveCount(0)
  await expect(page.getByText(/: not beaten \(/).first()).toBeVisible()
  await expect(page.getByRole('img', { name: 'Weights kept', exact: true })).toBeVisible()
  await expectNoFault(page)
  await expectNothingSideways(page)
})

test('what a stranger wrote into a README does nothing', async ({ page, request }) => {
  const asked: string[] = []
  page.on('request', (each) => asked.push(each.url()))
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => asked.push('a dialog')))
  await page.route('**/download?format=readme', (route) =>
    route.fulfill({
      body: [
        '---\nlicense: mit\n---\n# From elsewhere\n\n![cat](https://evil.example/pixel.png)',
        '<img src=https://evil.example/x onerror=alert(1)><script>alert(1)</script>',
        '[a link](javascript:alert(1))',
      ].join('\n\n'),
    }),
  )

  await page.goto(`/modules/${await someModule(request, '1')}`)

  const readme = page.locator('section').filter({
    has: page.getByRole('heading', { name: 'The README in the bundle' }),
  })
  await expect(readme.getByRole('heading', { name: 'From elsewhere' })).toBeVisible()
  await expect(readme).toContainText('<script>alert(1)</script>')
  await expect(readme.getByRole('link')).toHaveCount(0)
  expect(asked.filter((url) => /evil|dialog/.test(url))).toEqual([])
})
