import { expect, it } from 'vitest'
import { isOver } from '@/api/jobs'
import { canDelete, canRetry, isActive, states } from './jobState'

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
