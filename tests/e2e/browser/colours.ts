import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type APIRequestContext } from '@playwright/test'
import { done } from './server'

/** Twenty noisy images of each of two colours, packed by Python. */
const PROGRAM = `
import sys
import numpy as np
labels = np.arange(40) % 2
images = np.random.default_rng(0).integers(0, 100, (40, 32, 32, 3), dtype=np.uint8)
images[labels == 0, ..., 0] += 150
images[labels == 1, ..., 2] += 150
arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
np.savez(sys.argv[1], classes=np.array(["red", "blue"]), **arrays)
`

// As short as a joint search can be: one epoch of heads, one of masks, few and large steps.
export const SHORTEST_SPLIT = {
  first_head_epochs: 1,
  cycles: 1,
  joint_epochs: 1,
  head_epochs: 0,
  batch_size: 256,
  lr_joint: 0.3,
}

/** Bring a data set of two colours; returns its name. */
export async function bringColours(request: APIRequestContext, path: string): Promise<string> {
  const local = join(__dirname, '../../../.venv/bin/python')
  execFileSync(existsSync(local) ? local : 'python3', ['-c', PROGRAM, path])
  const name = `colours-${String(Date.now())}`
  const file = { name: 'colours.npz', mimeType: 'application/zip', buffer: readFileSync(path) }
  const stored = await request.post('/api/v1/datasets', { multipart: { name, file } })
  expect(stored.status()).toBe(201)
  return name
}

/** Bring a data set of two colours, train a network on it, and cut a module for each out of it. */
export async function splitColours(request: APIRequestContext, path: string) {
  const name = await bringColours(request, path)
  const submitted = async (kind: string, data: object) => {
    const reply = await request.post(`/api/v1/${kind}`, { data })
    expect(reply.status(), await reply.text()).toBe(202)
    return done(request, ((await reply.json()) as { id: string }).id, 180_000)
  }
  await submitted('train', { name, dataset: name, architecture: 'cnn-small', epochs: 2 })
  await submitted('modularize', {
    model: name,
    algorithm: 'gradsplitter',
    target: { kind: 'each' },
    settings: SHORTEST_SPLIT,
  })
  return { dataset: name, model: name }
}
