import { expect, it } from 'vitest'
import { isOver } from '@/api/jobs'
import { canDelete, canRetry, describeAsked, describeRequest, isActive, states } from './jobState'

it('offers another attempt exactly where the last one ended without a result', () => {
  expect(states.filter(canRetry)).toEqual(['failed', 'cancelled', 'interrupted'])
})

it('lets nothing be deleted that may still go on', () => {
  expect(states.filter(canDelete)).toEqual(['succeeded', 'failed', 'cancelled'])
})

it('expects an interrupted job to move again by itself', () => {
  expect(states.filter(isOver)).toEqual(['succeeded', 'failed', 'cancelled'])
  expect(isActive('interrupted')).toBe(false)
})

it('describes a request line by line, leaving out what was left open', () => {
  const target = { kind: 'binary', classes: ['cat', 'dog'], groups: [] }
  const request = { model: 'a', target, preset: null }
  expect(describeRequest(request)).toEqual([
    ['model', 'a'],
    ['target.kind', 'binary'],
    ['target.classes', 'cat, dog'],
  ])
})

it('rounds what was measured', () => {
  expect(describeRequest({ accuracy: 0.7910863509749304, seed: 2147483647 })).toEqual([
    ['accuracy', '0.791086'],
    ['seed', '2147483647'],
  ])
})

it('says what the members of a list hold', () => {
  const outputs = [
    { class_name: 'cat', dataset: 'pets' },
    { class_name: '3', dataset: 'digits' },
  ]
  expect(describeRequest({ outputs })).toEqual([['outputs', 'cat · pets, 3 · digits']])
})

it('speaks of the seed of the shots only where shots were drawn', () => {
  const target = { classes: ['3'], shots: null, shots_seed: 0 }
  const settings = { epochs: 2 }
  expect(describeAsked({ target, settings })).toEqual([['target.classes', '3']])
  expect(describeAsked({ target: { ...target, shots: 5 }, settings })).toEqual([
    ['target.classes', '3'],
    ['target.shots', '5'],
    ['target.shots_seed', '0'],
  ])
})
