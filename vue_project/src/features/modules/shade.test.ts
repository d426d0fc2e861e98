import { expect, it } from 'vitest'
import { shadeOf } from './shade'

it('has a shade for each fifth, the last with everything', () => {
  expect([0, 0.19, 0.2, 0.5, 0.8, 1].map(shadeOf)).toEqual([0, 0, 1, 2, 4, 4])
})
