import { expect, it } from 'vitest'
import { listed, listedNumbers } from './listed'

it('takes commas, semicolons and spaces between', () => {
  expect(listed(' a, b;c  d ')).toEqual(['a', 'b', 'c', 'd'])
  expect(listed(' ')).toEqual([])
})

it('keeps a word that is no number, for the server to say so', () => {
  expect(listedNumbers('1, x 0.5')).toEqual([1, 'x', 0.5])
})
