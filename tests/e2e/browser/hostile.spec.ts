import { expect, test } from '@playwright/test'

const PAGES = ['/', '/launch', '/jobs', '/settings', '/api/v1/docs']
const MARKUP = '<img src=x onerror="document.title=\'owned\'"><script>alert(1)</script>'

test('a name with markup in it is shown as text and does nothing', async ({ page, request }) => {
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const made = await request.post('/api/v1/tokens', { data: { name: MARKUP } })
  expect(made.status()).toBe(201)

  await page.goto('/settings')

  await expect(page.getByRole('row').filter({ hasText: MARKUP })).toBeVisible()
  await expect(page).toHaveTitle(/ModelFoundry/)
  expect(dialogs).toEqual([])
})

test('pages need nothing that their own security policy forbids', async ({ page }) => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })

  for (const path of PAGES) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  expect(refused).toEqual([])
})
