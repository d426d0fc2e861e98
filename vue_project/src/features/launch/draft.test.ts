import { expect, it } from 'vitest'
import { draftOf, isEachNamed, isNamed, kindOf, readDraft, toRequest, writeDraft } from './draft'

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
  { model: 'm', group: 'insects', shots: '20', seed: '3' },
  { model: 'm', random: '5', seed: '3' },
  { model: 'm', by: 'group' },
  { model: 'm', groups: ['even', 'odd'], int8: 'true' },
])('keeps in the address how classes are named: %o', (address) => {
  expect(writeDraft(readDraft(address))).toEqual(address)
})

it('leaves out of the address what another way of naming has left behind', () => {
  const draft = { ...readDraft({ model: 'm', classes: ['cat'] }), way: 'group' as const }
  expect(writeDraft({ ...draft, group: 'insects' })).toEqual({ model: 'm', group: 'insects' })
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

it('waits until classes are named in the way that is chosen', () => {
  expect(isNamed(readDraft({ classes: ['cat'] }))).toBe(true)
  expect(isNamed(readDraft({ classes: ['cat'], by: 'group' }))).toBe(false)
  expect(isNamed(readDraft({ by: 'random', random: '5' }))).toBe(true)
})

it('leaves the choice of preset to the server where none was made', () => {
  const draft = readDraft({ model: 'm', classes: 'cat', algorithm: 'seam' })
  expect(toRequest(draft, { makesEach: false })).toEqual({
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
  })
})

it('asks for random classes and few shots with one seed', () => {
  const draft = readDraft({ random: '5', seed: '3', shots: '20' })
  const { target } = toRequest(draft, { makesEach: false })
  expect(target).toMatchObject({ classes: [], random: { count: 5, seed: 3 }, shots: 20 })
  expect(target.shots_seed).toBe(3)
})

it('asks for a module of each class, of all of them where none is chosen', () => {
  const draft = readDraft({ model: 'm', shots: '20', algorithm: 'gradsplitter' })
  expect(isEachNamed(draft)).toBe(true)
  expect(toRequest(draft, { makesEach: true }).target).toMatchObject({
    kind: 'each',
    classes: [],
    shots: null,
  })
})

it('asks for a module of each of the chosen groups', () => {
  const draft = readDraft({ model: 'm', groups: ['even', 'odd'] })
  expect(toRequest(draft, { makesEach: true }).target).toMatchObject({
    classes: [],
    groups: ['even', 'odd'],
  })
  expect(isEachNamed({ ...draft, groups: [] })).toBe(false)
})

it('asks for an int8 file where it is wanted', () => {
  expect(toRequest(readDraft({ int8: 'true' }), { makesEach: false }).exports).toEqual(['int8'])
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
  [{ group: 'insects', classes: ['bee', 'ant'] }, { group: 'insects' }],
  [
    { random: { count: 3, seed: 5 }, classes: ['a', 'b', 'c'] },
    { random: '3', seed: '5' },
  ],
  [
    { shots: 20, shots_seed: 7 },
    { classes: ['cat'], shots: '20', seed: '7' },
  ],
  [{ kind: 'each', groups: ['even', 'odd'], classes: ['1', '2'] }, { groups: ['even', 'odd'] }],
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
