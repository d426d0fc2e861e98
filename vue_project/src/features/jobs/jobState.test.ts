import { expect, it } from 'vitest'
import { isOver } from '@/api/jobs'
import { canRetry, describeRequest, isActive, states } from './jobState'

it('offers another attempt exactly where the last one ended without a result', () => {
  expect(states.filter(canRetry)).toEqual(['failed', 'cancelled', 'interrupted'])
})

it('expects an interrupted job to move again by itself', () => {
  expect(states.filter(isOver)).toEqual(['succeeded', 'failed', 'cancelled'])
  expect(isActive('interrupted')).toBe(false)
})

it('describes a request line by line, leaving out what was left open', () => {
  const request = { model: 'a', target: { kind: 'binary', classes: ['cat', 'dog'] }, preset: null }
  expect(describeRequest(request)).toEqual([
    ['model', 'a'],
    ['target.kind', 'binary'],
    ['target.classes', 'cat, dog'],
  ])
})
