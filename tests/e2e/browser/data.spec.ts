import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { expectNoFault } from './looks'

/** Twelve images of each of two classes, and two files that are none, packed by Python. */
function packImages(path: string) {
  const local = join(__dirname, '../../../.venv/bin/python')
  const program = `
import io, sys, zipfile
from PIL import Image
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for colour in ("red", "blue"):
        for number in range(12):
            image = io.BytesIO()
            Image.new("RGB", (16, 16), colour).save(image, "PNG")
            archive.writestr(f"{colour}/{number}.png", image.getvalue())
    archive.writestr("red/broken.png", "no image")
    archive.writestr("notes.txt", "no image either")
`
  execFileSync(existsSync(local) ? local : 'python3', ['-c', program, path])
}

/** A lone linear layer of seven classes. */
function packWeights(path: string) {
  const header = JSON.stringify({
    'fc.weight': { dtype: 'F32', shape: [7, 3], data_offsets: [0, 84] },
  })
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(header.length))
  writeFileSync(path, Buffer.concat([size, Buffer.from(header), Buffer.alloc(84)]))
}

test('images are looked at before they are stored, and deleted again', async ({ page }, info) => {
  const file = info.outputPath('colours.zip')
  packImages(file)
  await page.goto('/data')
  await page.getByLabel('Choose images').setInputFiles(file)

  await expect(page.getByRole('heading', { name: '2 files cannot be used' })).toBeVisible()
  await expect(page.getByText('red/broken.png')).toBeVisible()
  const row = page.getByRole('row', { name: /^blue/ })
  await expect(row.getByRole('img')).toHaveCount(5)
  await expect(page.getByText('made up: a fifth of each class')).toBeVisible()
  await expectNoFault(page)

  const store = page.getByRole('button', { name: 'Store the images' })
  await expect(store).toBeDisabled()
  await page.getByLabel('Leave these files out').check()
  await page.getByLabel('Name').fill('digits')
  await store.click()
  await expect(page.getByText("'digits' is always here; choose another name")).toBeVisible()
  await page.getByLabel('Name').fill('colours')
  await store.click()
  await expect(page.getByText('“colours” is here now.')).toBeVisible()

  await page.getByRole('button', { name: 'Delete colours' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('“colours” was deleted.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete colours' })).toHaveCount(0)
})

test('weights are looked at before they are imported', async ({ page }, info) => {
  test.slow() // two processes load torch
  const file = info.outputPath('small.safetensors')
  packWeights(file)
  await page.goto('/data?bring=weights')
  await page.getByLabel('Choose weights').setInputFiles(file)

  await expect(page.getByText('The file is compared with the known networks…')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'What is in the file' })).toBeVisible({
    timeout: 180_000,
  })
  await expect(page.getByText('Closest architecture')).toBeVisible()
  await expect(page.getByRole('row', { name: /^fc\.weight 7 × 3 7 × 64/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Import' })).toBeDisabled()
  await page.getByLabel('Trained on').selectOption('digits')
  await expect(page.getByText('The weights know 7 classes, this data set has 10.')).toBeVisible()
  await expectNoFault(page)
})

test('a cancelled upload can be begun again, and what is no module is refused', async ({
  page,
}, info) => {
  const file = info.outputPath('colours.zip')
  packImages(file)
  await page.goto('/data?bring=module')
  await page.getByLabel('Choose a module').setInputFiles(file)
  await page.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByText('colours.zip holds no manifest.json')).toBeVisible()

  await page.getByRole('button', { name: 'Take another file' }).click()
  await expect(page.getByLabel('Choose a module')).toBeAttached()
})
