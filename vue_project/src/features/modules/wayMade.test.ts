import { expect, it } from 'vitest'
import type { Manifest } from '@/api/modules'
import { wayMade } from './wayMade'

const made = (facts: object) =>
  wayMade({
    model: { title: 'ResNet20' },
    dataset: { title: 'Digits' },
    finetuning: null,
    parents: [],
    ...facts,
  } as unknown as Manifest)

it('names the network that a module was cut out of', () => {
  expect(made({})).toEqual({ way: 'cutOut', facts: { origin: 'ResNet20, Digits' } })
})

it('does not call a composition a part of what it is compared with', () => {
  expect(made({ parents: [{ class: '3' }, { class: '5' }] })).toMatchObject({
    way: 'putTogether',
    facts: { count: 2, dataset: 'Digits' },
  })
})

it('names the class that a patched network has help with', () => {
  expect(made({ parents: [{ class: '3' }] })).toMatchObject({
    way: 'patched',
    facts: { origin: 'ResNet20', name: '3' },
  })
})

it.each([
  ['seam', 'finetuned'],
  ['standard', 'finetuned'],
  ['scratch', 'startedAnew'],
])('tells fine-tuned networks from those trained anew: %s', (how, way) => {
  expect(made({ finetuning: { how } }).way).toBe(way)
})
