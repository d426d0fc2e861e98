import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type APIRequestContext } from '@playwright/test'
import { expectNoFault, expectNothingSideways } from './looks'
import { moduleOf, submit } from './server'

const MODULE_MS = 180_000

/** Some module of the digits: one that another file has made, or a new one. */
async function anyModule(request: APIRequestContext): Promise<string> {
  const { items } = (await (await request.get('/api/v1/modules')).json()) as {
    items: {
      id: string
      manifest: { algorithm: string; target: { kind: string } }
    }[]
  }
  const made = items.find(
    ({ manifest }) => manifest.algorithm === 'seam' && manifest.target.kind === 'binary',
  )
  if (made) return made.id
  const job = await submit(request, {
    classes: ['3'],
    settings: { epochs: 1 },
  })
  return moduleOf(request, job, MODULE_MS)
}

test('a module is tried beside its original, in the browser and on the server', async ({
  page,
  request,
  baseURL,
}) => {
  test.slow() // may have to make a module, and loads an engine of 14 MB
  const foreign: string[] = []
  page.on('request', (each) => {
    const isOurs = [baseURL ?? '', 'data:', 'blob:'].some((start) => each.url().startsWith(start))
    if (!isOurs) foreign.push(each.url())
  })
  const sent: string[] = []
  page.on('request', (each) => {
    const isQuestion = each.url().endsWith('dry_run=true') // of the page before
    if (each.method() === 'POST' && !isQuestion) sent.push(each.url())
  })
  await page.goto(`/modules/${await anyModule(request)}`)
  await page.getByRole('link', { name: 'Try it' }).click()

  // A test image, in the browser: nothing is sent.
  const answers = page.getByRole('article')
  await page
    .getByRole('button', { name: /^Test image of/ })
    .first()
    .click()
  await expect(answers).toHaveCount(1, { timeout: 60_000 })
  const shares = () =>
    answers
      .first()
      .getByText(/^\d+\.\d%$/)
      .allTextContents()
  const inBrowser = await shares()
  await expect(answers.first().getByRole('group', { name: 'Original' })).toBeVisible()
  expect(sent).toEqual([])
  expect(foreign).toEqual([])

  // The same on the server gives the same answer.
  await page.getByText('On the server', { exact: true }).click()
  await page
    .getByRole('button', { name: /^Test image of/ })
    .first()
    .click()
  await expect(answers).toHaveCount(2)
  expect(await shares()).toEqual(inBrowser)

  // What is no picture is said by its name; both ways.
  await page.getByText('Files', { exact: true }).click()
  const notes = {
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('no picture'),
  }
  await page.getByLabel('Choose pictures').last().setInputFiles(notes)
  await expect(page.getByRole('alert')).toContainText('notes.txt is no image')
  await page.getByText('In this browser', { exact: true }).click()
  await page.getByLabel('Choose pictures').last().setInputFiles(notes)
  await expect(page.getByRole('alert')).toContainText('cannot read it as a picture')

  // Drawn by keyboard alone.
  await page.getByText('Draw', { exact: true }).click()
  await page.getByRole('application', { name: 'Drawing area' }).focus()
  await page.keyboard.press('Space')
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Space'])
    await page.keyboard.press(key)
  await expect(answers).toHaveCount(3)
  await expectNoFault(page)
  await expectNothingSideways(page)
})

/** The same picture as files of several kinds, and one that claims to be enormous. */
const KINDS = ['grey.png', 'clear.png', 'turned.jpg', 'lossless.webp']
const HUGE = 'huge.png'

function drawPictures(folder: string) {
  const local = join(__dirname, '../../../.venv/bin/python')
  const program = `
import struct, sys, zlib
from pathlib import Path
from PIL import Image
folder = Path(sys.argv[1])
grey = Image.new("L", (64, 48), 0)
grey.paste(255, (16, 8, 24, 40))
grey.paste(160, (32, 8, 48, 16))
grey.save(folder / "grey.png")
clear = grey.convert("RGBA")
clear.putalpha(Image.new("L", clear.size, 255).point(lambda _: 128))
clear.save(folder / "clear.png")
exif = Image.Exif()
exif[0x0112] = 6  # the camera was held sideways
grey.convert("RGB").save(folder / "turned.jpg", quality=100, subsampling=0, exif=exif)
grey.convert("RGB").save(folder / "lossless.webp", lossless=True)
header = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
(folder / "huge.png").write_bytes(b"\\x89PNG\\r\\n\\x1a\\n" + chunk)
`
  execFileSync(existsSync(local) ? local : 'python3', ['-c', program, folder])
}

test('odd files and a photo get the same answer in the browser and on the server', async ({
  page,
  request,
}, info) => {
  test.slow() // as above
  const folder = info.outputPath()
  mkdirSync(folder, { recursive: true })
  drawPictures(folder)
  await page.goto(`/modules/${await anyModule(request)}/try`)
  const answers = page.getByRole('article')
  const sharesOf = (at: number) =>
    answers
      .nth(at)
      .getByText(/^\d+\.\d%$/)
      .allTextContents()
  const chooser = page.getByLabel('Choose pictures').last()
  await page.getByText('Files', { exact: true }).click()

  for (const engine of ['In this browser', 'On the server']) {
    await page.getByText(engine, { exact: true }).click()
    await chooser.setInputFiles(join(folder, HUGE))
    await expect(page.getByRole('alert')).toContainText(HUGE)
    const before = await answers.count()
    await chooser.setInputFiles(KINDS.map((name) => join(folder, name)))
    await expect(answers).toHaveCount(before + KINDS.length, {
      timeout: 60_000,
    })
  }
  for (const at of KINDS.keys()) {
    expect(await sharesOf(at)).toEqual(await sharesOf(at + KINDS.length))
  }

  await page.getByText('Camera', { exact: true }).click()
  await page.getByRole('button', { name: 'Turn the camera on' }).click()
  await page.getByRole('button', { name: 'Take a picture' }).click()
  await expect(answers).toHaveCount(2 * KINDS.length + 1)
  await page.getByRole('button', { name: 'Turn it off' }).click()
  await expect(page.getByRole('button', { name: 'Turn the camera on' })).toBeVisible()
})

test('a fine-tuning is checked before it is started', async ({ page }) => {
  await page.goto('/reuse?method=finetune')
  await expect(page.getByText('Choose a model and a data set.')).toBeVisible()
  await page.goto('/reuse?method=finetune&model=cnn-digits&dataset=digits&thresholds=0.3,2')
  await expect(page.getByText('This cannot be done yet:')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Fine-tune' })).toBeDisabled()
  await expectNoFault(page)
  await expectNothingSideways(page)
})
