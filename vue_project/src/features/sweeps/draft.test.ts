import { expect, it } from 'vitest'
import { draftOf, readDraft, toRequest, valuesOf, writeDraft, type Draft } from './draft'

const draft: Draft = {
  models: ['resnet20-cifar10'],
  targets: 'chosen',
  classes: ['cat', 'dog'],
  groups: [],
  random: '',
  shots: '',
  draws: '',
  int8: false,
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

it('makes a target of each draw of classes, with as many images of each', () => {
  const drawn: Draft = { ...draft, targets: 'random', random: '3', shots: '50', draws: '4, 5' }
  expect(toRequest(drawn).targets).toEqual([
    expect.objectContaining({ classes: [], random: { count: 3, seed: 4 }, shots: 50 }),
    expect.objectContaining({ classes: [], random: { count: 3, seed: 5 }, shots: 50 }),
  ])
})

it('draws the images of a chosen class once for each seed', () => {
  const drawn: Draft = { ...draft, classes: ['cat'], shots: '50', draws: '4, 5' }
  expect(toRequest(drawn).targets).toEqual([
    expect.objectContaining({ classes: ['cat'], shots: 50, shots_seed: 4 }),
    expect.objectContaining({ classes: ['cat'], shots: 50, shots_seed: 5 }),
  ])
})

it('asks for int8 files where they are wanted', () => {
  expect(toRequest({ ...draft, int8: true }).exports).toEqual(['int8'])
})

it('tells numbers and truth values from words', () => {
  expect(valuesOf('0.05, one-cycle,true, ')).toEqual([0.05, 'one-cycle', true])
})

it.each([
  ['of classes', draft],
  ['of draws', { ...draft, targets: 'random', classes: [], random: '3', draws: '4, 5' }],
  ['of few images', { ...draft, shots: '50', draws: '4, 5', int8: true }],
] as [string, Draft][])('gives the draft of an earlier request %s', (_, earlier) => {
  expect(draftOf(toRequest(earlier))).toEqual(earlier)
})

it('keeps the groups that an earlier sweep was about', () => {
  const target = { classes: [], groups: [], kind: null, random: null, shots: null, shots_seed: 0 }
  const targets = ['even', 'odd'].map((group) => ({ ...target, group }))
  const draft = draftOf({ models: ['m'], targets })
  expect(writeDraft(draft)).toEqual({
    model: ['m'],
    targets: 'every group',
    group: ['even', 'odd'],
  })
  expect(toRequest(readDraft({ targets: 'every group', group: ['even', 'odd'] })).targets).toEqual(
    targets,
  )
})
