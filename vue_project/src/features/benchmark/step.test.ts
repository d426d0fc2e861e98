import { expect, it } from 'vitest'
import { withEffort } from './step'

it('asks for the published settings in the words of each kind of step', () => {
  const request = { a: 1 }
  expect(withEffort('sweep', request, 'published')).toEqual({ a: 1, preset: 'published' })
  expect(withEffort('train', request, 'published')).toEqual({ a: 1, published: true })
  expect(withEffort('estimators', request, 'fast')).toEqual({ a: 1, published: false })
  expect(withEffort('reuse', request, 'fast')).toEqual({ a: 1, rule: 'best' })
})
