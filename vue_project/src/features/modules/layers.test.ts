import { expect, it } from 'vitest'
import { columnsOf } from './layers'

const layers = [
  { name: 'stem', kind: 'Conv2d', weights_total: 100, weights_kept: 50 },
  { name: 'body', kind: 'Conv2d', weights_total: 900, weights_kept: 90 },
]

it('lets layers share the width by the square root of their size', () => {
  // 400 wide, 10 and 30 parts of (410 - 10) / 40 = 10 each
  expect(columnsOf(layers, { width: 410, gap: 10 })).toEqual([
    { name: 'stem', x: 0, width: 100, ratio: 0.5 },
    { name: 'body', x: 110, width: 300, ratio: 0.1 },
  ])
})

it('draws nothing where there is nothing', () => {
  expect(columnsOf([], { width: 100, gap: 2 })).toEqual([])
})
