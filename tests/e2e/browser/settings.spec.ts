import { expect, test } from '@playwright/test'
import { startGuarded } from './guarded'
import { expectNoFault } from './looks'

test('a token is made, shown once and revoked', async ({ page, request }) => {
  await page.goto('/settings')
  await page.getByLabel('Name').fill('laptop')
  await page.getByLabel('Scope').selectOption('read')
  await page.getByRole('button', { name: 'Make a token' }).click()

  const shown = page.getByRole('region', { name: 'Secret of the new token' })
  await expect(shown).toContainText(/^mf_[\w-]{43}$/)
  const row = page.getByRole('row', { name: /laptop/ })
  await expect(row).toContainText('Read')
  await page.reload()
  await expect(row).toBeVisible()
  await expect(shown).toHaveCount(0)

  await page.getByRole('button', { name: 'Revoke laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(row).toHaveCount(0)
  const answer = await request.get('/api/v1/tokens')
  const { items } = (await answer.json()) as { items: { name: string }[] }
  expect(items.map((token) => token.name)).not.toContain('laptop')
})

test.describe('where others can reach the server', () => {
  let server: Awaited<ReturnType<typeof startGuarded>>

  test.beforeAll(async () => {
    server = await startGuarded()
  })

  test.afterAll(() => server.stop())

  test('a page asks for a token, and goes on where it was', async ({ page }) => {
    await page.goto(`${server.url}/jobs`)
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
    await expectNoFault(page)

    await page.getByLabel('Token').fill('mf_wrong')
    await page.keyboard.press('Enter')
    await expect(page.getByText('no token has this secret')).toBeVisible()

    await page.getByLabel('Token').fill(server.secret)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible()
    await expect(page.getByText('No jobs yet')).toBeVisible()
  })

  test('what is changed on the page carries its word, and logging out ends it', async ({
    page,
  }) => {
    await page.goto(`${server.url}/launch?model=cnn-digits&classes=3`)
    await page.getByLabel('Token').fill(server.secret)
    await page.keyboard.press('Enter')
    await expect(page.getByText('Checked: this can be done.')).toBeVisible()

    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await expect(page.getByText('Logged in with the token “me”')).toBeVisible()
    await page.getByRole('button', { name: 'Log out' }).click()
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
    expect((await page.request.get(`${server.url}/api/v1/jobs`)).status()).toBe(401)
  })
})

test('a webhook is added, its secret shown once, tried out and removed', async ({ page }) => {
  await page.goto('/settings')
  await page.getByLabel('Address').fill('http://127.0.0.1:9/hook')
  await page.getByRole('button', { name: 'Add' }).click()
  await expect(page.getByRole('region', { name: 'Secret of the new webhook' })).toContainText(
    /^whsec_/,
  )

  const webhook = page.getByRole('article', { name: 'http://127.0.0.1:9/hook' })
  await webhook.getByRole('button', { name: 'Send a test' }).click()
  await expect(webhook.getByText('Not arrived')).toBeVisible()
  await webhook.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('No address is told yet.')).toBeVisible()

  await page.getByRole('button', { name: 'Show the list' }).click()
  await expect(page.getByRole('row', { name: /^Flask / })).toContainText('BSD')
})
