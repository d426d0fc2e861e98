import { expect, it } from 'vitest'
import { linesOf } from './lines'

it('takes a request apart line by line, leaving out what was left open', () => {
  const target = { kind: 'binary', classes: ['cat', 'dog'], groups: [] }
  const request = { model: 'a', target, preset: null, device: '', epochs: 3, augment: false }
  expect(linesOf(request)).toEqual([
    ['model', 'a'],
    ['target.kind', 'binary'],
    ['target.classes', 'cat, dog'],
    ['epochs', 3],
    ['augment', false],
  ])
})

it('says what the members of a list hold', () => {
  const outputs = [
    { class_name: 'cat', dataset: 'pets' },
    { class_name: '3', dataset: 'digits' },
  ]
  expect(linesOf({ outputs })).toEqual([['outputs', 'cat · pets, 3 · digits']])
})
