import { expect, it } from 'vitest'
import { ApiError } from '@/api/problem'
import { wayOut } from './wayOut'

function refusal(status: number, ...pointers: string[]): ApiError {
  const faults = pointers.map((pointer) => ({ pointer, message: 'wrong' }))
  return new ApiError(status, { title: 'Refused', detail: 'wrong', faults })
}

it('tries again what may pass', () => {
  expect(wayOut(new Error('a bug'), {})).toEqual({ kind: 'retry' })
  expect(wayOut(refusal(0), {})).toEqual({ kind: 'retry' })
  expect(wayOut(refusal(503), {})).toEqual({ kind: 'retry' })
  expect(wayOut(refusal(429), {})).toEqual({ kind: 'retry' })
})

it('goes back to the first page where a list ends at no such place, with the same filters', () => {
  const query = { q: 'cat', cursor: 'gone' }
  expect(wayOut(refusal(422, '/cursor'), query)).toEqual({
    kind: 'firstPage',
    query: { q: 'cat' },
  })
})

it('takes the filters away that the server refused, and the page that went with them', () => {
  const query = { q: 'cat', min_accuracy: 'x', cursor: 'abc' }
  expect(wayOut(refusal(422, '/min_accuracy'), query)).toEqual({
    kind: 'clear',
    query: { q: 'cat' },
  })
})

it('leads on from what does not exist, and nowhere from any other refusal', () => {
  expect(wayOut(refusal(404), {})).toEqual({ kind: 'seeAll' })
  expect(wayOut(refusal(403), {})).toEqual({ kind: 'none' })
  expect(wayOut(refusal(422, '/body/0'), { q: 'cat' })).toEqual({ kind: 'none' })
})
