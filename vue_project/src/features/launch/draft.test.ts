import { expect, it } from 'vitest'
import type { ModularizeRequest } from '@/api/submissions'
import type { SweepRequest } from '@/api/sweeps'
import {
  asEach,
  draftOf,
  isNamed,
  kindOf,
  placeInForm,
  readDraft,
  sizeOf,
  toWork,
  writeDraft,
} from './draft'

const query = {
  algorithm: 'seam',
  model: 'resnet20-cifar10',
  classes: ['cat', 'dog'],
  preset: 'fast',
  settings: '{"epochs":30}',
}

it('reads an address and writes the same address back', () => {
  expect(writeDraft(readDraft(query))).toEqual(query)
})

it.each([
  { model: 'm', group: ['insects'], shots: '20', seed: '3' },
  { model: 'm', random: '5', seed: '3' },
  { model: 'm', by: 'group' },
  { model: 'm', make: 'each', group: ['even', 'odd'], int8: 'true' },
])('keeps in the address how classes are named: %o', (address) => {
  expect(writeDraft(readDraft(address))).toEqual(address)
})

it('leaves out of the address what another way of naming has left behind', () => {
  const draft = { ...readDraft({ model: 'm', classes: ['cat'] }), way: 'group' as const }
  expect(writeDraft({ ...draft, groups: ['insects'] })).toEqual({ model: 'm', group: ['insects'] })
})

it('reads a single class as a list of one', () => {
  expect(readDraft({ classes: '3' }).classes).toEqual(['3'])
})

it('takes broken settings in an address for none', () => {
  expect(readDraft({ settings: '{"epochs":' }).settings).toEqual({})
  expect(readDraft({ settings: '[1, 2]' }).settings).toEqual({})
  expect(readDraft({ settings: '{"epochs":{"a":1}}' }).settings).toEqual({})
})

it('asks a yes-or-no question about one class, and tells several apart', () => {
  expect(kindOf(readDraft({ classes: ['cat'] }))).toBe('binary')
  expect(kindOf(readDraft({ classes: ['cat', 'dog'] }))).toBe('multi-class')
  expect(kindOf(readDraft({ group: 'insects' }))).toBe('multi-class')
  expect(kindOf(readDraft({ random: '1' }))).toBe('binary')
  expect(kindOf(readDraft({ random: '2' }))).toBe('multi-class')
})

it.each([
  [{ classes: ['cat', 'dog'] }, { num_classes: 2 }],
  [{ make: 'each', classes: ['cat', 'dog'] }, { num_classes: 1 }],
  [{ group: 'insects' }, { num_classes: 5 }],
  [{ group: 'no such group' }, {}],
  [
    { random: '3', shots: '50' },
    { num_classes: 3, shots: 50 },
  ],
  [{ random: '-1', shots: '1.5' }, {}],
  [{ by: 'random', shots: 'x' }, {}],
])('the size of %j is %j', (query, size) => {
  const insects = { name: 'insects', classes: ['bee', 'beetle', 'butterfly', 'ant', 'fly'] }

  expect(sizeOf(readDraft(query), [insects])).toEqual(size)
})

it('waits until classes are named in the way that is chosen', () => {
  expect(isNamed(readDraft({ classes: ['cat'] }))).toBe(true)
  expect(isNamed(readDraft({ classes: ['cat'], by: 'group' }))).toBe(false)
  expect(isNamed(readDraft({ by: 'random', random: '5' }))).toBe(true)
})

const MODEL = { isJoint: false, known: ['cat', 'dog', 'owl'] }
const targetOf = (query: object, model = MODEL) =>
  (toWork(readDraft({ model: 'm', ...query }), model).request as ModularizeRequest).target
const targetsOf = (query: object) =>
  (toWork(readDraft({ model: 'm', make: 'each', ...query }), MODEL).request as SweepRequest).targets

it('leaves the choice of preset to the server where none was made', () => {
  const draft = readDraft({ model: 'm', classes: 'cat', algorithm: 'seam' })
  expect(toWork(draft, MODEL)).toEqual({
    kind: 'modularize',
    request: {
      model: 'm',
      target: {
        kind: null,
        classes: ['cat'],
        group: null,
        groups: [],
        random: null,
        shots: null,
        shots_seed: 0,
      },
      algorithm: 'seam',
      preset: null,
      settings: {},
      exports: [],
    },
  })
})

it('asks for random classes and few shots with one seed', () => {
  const target = targetOf({ random: '5', seed: '3', shots: '20' })
  expect(target).toMatchObject({ classes: [], random: { count: 5, seed: 3 }, shots: 20 })
  expect(target.shots_seed).toBe(3)
})

it('asks for one module of several classes, or for a group of jobs with one for each', () => {
  const both = { classes: ['cat', 'dog'], shots: '9' }
  expect(targetOf(both)).toMatchObject({ classes: ['cat', 'dog'], shots: 9 })
  expect(toWork(readDraft({ model: 'm', make: 'each', ...both }), MODEL).kind).toBe('sweeps')
  expect(targetsOf(both)).toMatchObject([
    { classes: ['cat'], shots: 9 },
    { classes: ['dog'], shots: 9 },
  ])
  expect(targetsOf({ group: ['even', 'odd'] })).toMatchObject([{ group: 'even' }, { group: 'odd' }])
})

it('means every class by a module of each where none is chosen', () => {
  expect(isNamed(readDraft({ make: 'each' }))).toBe(true)
  expect(targetsOf({})).toBe('every class')
  expect(targetsOf({ shots: '9' })).toHaveLength(3)
  expect(isNamed(readDraft({ make: 'each', by: 'group' }))).toBe(false)
})

it('asks for one job where a module of each is one module', () => {
  expect(toWork(readDraft({ make: 'each', classes: 'cat' }), MODEL).kind).toBe('modularize')
})

it('asks for a module of each with yes-or-no questions, and draws no classes for it', () => {
  expect(kindOf(readDraft({ make: 'each', classes: ['cat', 'dog'] }))).toBe('binary')
  expect(asEach(readDraft({ random: '3' })).way).toBe('classes')
})

it('asks for all of them in one job where an algorithm makes them in one search', () => {
  const joint = { ...MODEL, isJoint: true }
  expect(targetOf({ shots: '20' }, joint)).toMatchObject({ kind: 'each', classes: [], shots: null })
  expect(targetOf({ group: ['even', 'odd'] }, joint)).toMatchObject({
    classes: [],
    groups: ['even', 'odd'],
  })
})

it('shows the faults of a group of jobs at the fields of the form', () => {
  expect(placeInForm('/targets/3/classes/0')).toBe('/target/classes/0')
  expect(placeInForm('/models/0')).toBe('/model')
  expect(placeInForm('/settings/epochs')).toBe('/settings/epochs')
})

it('asks for an int8 file where it is wanted', () => {
  const { request } = toWork(readDraft({ classes: 'cat', int8: 'true' }), MODEL)
  expect(request).toMatchObject({ exports: ['int8'] })
})

const target = {
  kind: 'binary',
  classes: ['cat'],
  group: null,
  groups: [],
  random: null,
  shots: null,
  shots_seed: 0,
}
const planned = {
  model: 'm',
  dataset: 'd',
  target,
  algorithm: 'seam',
  preset: 'fast',
  settings: { epochs: 30, layers: null },
  exports: ['int8'],
}

it.each([
  [{}, { classes: ['cat'] }],
  [{ group: 'insects', classes: ['bee', 'ant'] }, { group: ['insects'] }],
  [
    { random: { count: 3, seed: 5 }, classes: ['a', 'b', 'c'] },
    { random: '3', seed: '5' },
  ],
  [
    { shots: 20, shots_seed: 7 },
    { classes: ['cat'], shots: '20', seed: '7' },
  ],
  [{ kind: 'each', groups: ['even', 'odd'], classes: ['1', '2'] }, { group: ['even', 'odd'] }],
])('fills the form with what a job was asked for: %o', (change, named) => {
  const draft = draftOf({ ...planned, target: { ...target, ...change } })
  expect(writeDraft(draft)).toEqual({
    ...named,
    model: 'm',
    algorithm: 'seam',
    preset: 'fast',
    settings: '{"epochs":30}',
    int8: 'true',
  })
})
