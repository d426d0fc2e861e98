import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { moduleOf, submit } from '../server'

const WAIT_MS = 600_000

test.use({ viewport: { width: 1280, height: 860 } })

async function shoot(page: Page, name: string) {
  await expect(page.getByText('Loading…')).toHaveCount(0)
  const folder = join(test.info().config.rootDir, '../../../docs/screenshots')
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

test('the main path, and the other pages', async ({ page, request }) => {
  const first = await submit(request, { classes: ['3'] })
  const module = await moduleOf(request, first, WAIT_MS)

  await page.goto('/')
  await page.getByRole('button', { name: 'Got it' }).click()
  await page.mouse.move(0, 0)
  await shoot(page, 'catalogue')

  await page.goto('/launch?model=resnet20-digits&classes=8')
  await expect(page.getByText('Checked: this can be done.')).toBeVisible()
  await shoot(page, 'launch')

  const second = await submit(request, { classes: ['8'] })
  await page.goto(`/jobs/${second}`)
  const progress = page.getByRole('progressbar')
  const share = async () => Number(await progress.getAttribute('aria-valuenow'))
  await expect.poll(share, { timeout: WAIT_MS }).toBeGreaterThanOrEqual(60)
  await shoot(page, 'job')
  await request.post(`/api/v1/jobs/${second}/cancel`)

  await page.goto(`/modules/${module}`)
  await shoot(page, 'module')

  const others = [`/modules/${module}/try`, '/jobs', '/reuse', '/data', '/benchmark', '/settings']
  for (const path of others) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    await shoot(page, path.split('/').pop() ?? '')
  }
})
