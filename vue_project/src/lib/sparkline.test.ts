import { expect, it } from 'vitest'
import { sparkline } from './sparkline'

it('runs from the first step to the last one there will be, with 1 at the top', () => {
  const curve = [
    [1, 1],
    [3, 0.5],
  ] as const
  // Two of four steps are half of the width; a ratio of one half is half of the height.
  expect(sparkline(curve, { width: 100, height: 20, last: 5 })).toBe('0.0,0.0 50.0,10.0')
})

it('stays in the box', () => {
  expect(sparkline([[1, 1.5]], { width: 100, height: 20, last: 1 })).toBe('0.0,0.0')
})
