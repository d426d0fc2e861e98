import { expect, it } from 'vitest'
import { draftOf, readDraft, toRequest, valuesOf, writeDraft, type Draft } from './draft'

const draft: Draft = {
  models: ['resnet20-cifar10'],
  targets: 'chosen',
  classes: ['cat', 'dog'],
  algorithm: 'seam',
  preset: 'fast',
  values: { epochs: '8', alpha: '1, 2' },
  seeds: '0, 1',
}

it('reads the address that it writes', () => {
  const written = writeDraft(draft) as Record<string, string | string[]>
  expect(readDraft(written)).toEqual(draft)
})

it('takes over what was chosen for a single module', () => {
  const query = { model: 'toy', preset: 'fast', settings: '{"epochs":30,"flip":false,"seed":4}' }
  expect(readDraft(query)).toMatchObject({
    models: ['toy'],
    targets: 'every class',
    values: { epochs: '30', flip: 'false' },
    seeds: '4',
  })
})

it('makes each class a target, one value a setting and several a grid', () => {
  expect(toRequest(draft)).toEqual({
    models: ['resnet20-cifar10'],
    targets: [
      expect.objectContaining({ classes: ['cat'] }),
      expect.objectContaining({ classes: ['dog'] }),
    ],
    algorithm: 'seam',
    preset: 'fast',
    settings: { epochs: 8 },
    grid: { alpha: [1, 2] },
    seeds: [0, 1],
    exports: [],
  })
})

it('tells numbers and truth values from words', () => {
  expect(valuesOf('0.05, one-cycle,true, ')).toEqual([0.05, 'one-cycle', true])
})

it('gives the draft of an earlier request', () => {
  expect(draftOf(toRequest(draft))).toEqual(draft)
})
