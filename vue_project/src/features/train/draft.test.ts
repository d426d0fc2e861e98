import { expect, it } from 'vitest'
import {
  draftOf,
  isBegun,
  isGroup,
  readDraft,
  toGroup,
  toRequest,
  writeDraft,
  type Draft,
} from './draft'

const empty = readDraft({})
const typed: Draft = {
  ...empty,
  name: 'mine',
  dataset: 'digits',
  architectures: 'simcnn-w0.25, rescnn',
  subsets: '1, 4 7',
  epochs: '20',
  published: true,
}

it('gives the same draft after a trip through the address', () => {
  expect(readDraft(writeDraft(typed) as Record<string, string>)).toEqual(typed)
  expect(writeDraft(empty)).toEqual({})
})

it('asks for a group where subsets or several architectures are named', () => {
  expect(isGroup(typed)).toBe(true)
  expect(isGroup({ ...empty, architectures: 'simcnn, rescnn' })).toBe(true)
  expect(isGroup({ ...empty, architectures: 'simcnn' })).toBe(false)
})

it('reads lists with commas or spaces between', () => {
  const group = toGroup(typed)
  expect(group.architectures).toEqual(['simcnn-w0.25', 'rescnn'])
  expect(group.subset_seeds).toEqual([1, 4, 7])
})

it('hands a seed that is no number on to the server, which says so at its field', () => {
  expect(toGroup({ ...typed, subsets: '1, x' }).subset_seeds).toEqual([1, 'x'])
})

it('leaves open what is not typed, for the server to choose', () => {
  const request = toRequest({ ...empty, name: 'mine', architectures: ' simcnn ', epochs: '20' })
  expect(request).toMatchObject({ architecture: 'simcnn', epochs: 20, batch_size: null })
})

it('needs a name for one model and none for a group', () => {
  const one = { ...empty, dataset: 'digits', architectures: 'simcnn' }
  expect(isBegun(one)).toBe(false)
  expect(isBegun({ ...one, name: 'mine' })).toBe(true)
  expect(isBegun({ ...one, subsets: '1' })).toBe(true)
})

it('fills the form with what a job was asked for, under a name of its own', () => {
  const plan = {
    name: 'mine',
    architecture: 'simcnn',
    dataset: 'digits',
    subset: { seed: 4, concentration: 1, min_size: 2 },
    epochs: 20,
    batch_size: 64,
    learning_rate: 0.1,
  }
  expect(writeDraft(draftOf(plan))).toEqual({
    name: 'mine-2',
    dataset: 'digits',
    architectures: 'simcnn',
    subsets: '4',
    epochs: '20',
    batch: '64',
    rate: '0.1',
  })
})
