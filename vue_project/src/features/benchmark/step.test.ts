import { expect, it } from 'vitest'
import { placeOf, withEffort } from './step'

it('asks for the published settings in the words of each kind of step', () => {
  const request = { a: 1 }
  expect(withEffort('sweep', request, 'published')).toEqual({ a: 1, preset: 'published' })
  expect(withEffort('train', request, 'published')).toEqual({ a: 1, published: true })
  expect(withEffort('estimators', request, 'fast')).toEqual({ a: 1, published: false })
  expect(withEffort('reuse', request, 'fast')).toEqual({ a: 1, rule: 'best' })
})

it('follows many jobs as a sweep and one as a job', () => {
  expect(placeOf('estimators', 'x')).toEqual({ name: 'sweep', params: { id: 'x' } })
  expect(placeOf('reuse', 'x')).toEqual({ name: 'job', params: { id: 'x' } })
})
