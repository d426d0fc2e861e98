import { describe, expect, it } from 'vitest'
import type { DrawnGraph } from './graph'
import { neighbour, pathThrough, type PlacedGraph } from './placed'

// 0 above 1 and 2, which are side by side above 3.
const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 })
const placed: PlacedGraph = {
  width: 250,
  height: 240,
  boxes: [box(10, 0), box(0, 100), box(150, 110), box(0, 200)],
  lines: [],
}
const graph: DrawnGraph = {
  nodes: placed.boxes.map((_, at) => ({ key: String(at) }) as DrawnGraph['nodes'][number]),
  edges: [
    { source: 0, target: 2 },
    { source: 0, target: 1 },
    { source: 1, target: 3 },
    { source: 2, target: 3 },
  ],
}
const from = (at: number, key: string) => neighbour(graph, placed, { at, key })

describe('arrow keys', () => {
  it('follow what a layer makes, to the nearest of those that read it', () => {
    expect(from(0, 'ArrowDown')).toBe(1)
    expect(from(3, 'ArrowUp')).toBe(1)
  })

  it('lead to the layers beside', () => {
    expect(from(1, 'ArrowRight')).toBe(2)
    expect(from(2, 'ArrowLeft')).toBe(1)
  })

  it('lead nowhere at the ends', () => {
    expect(from(0, 'ArrowUp')).toBeUndefined()
    expect(from(3, 'ArrowDown')).toBeUndefined()
    expect(from(0, 'ArrowLeft')).toBeUndefined()
  })

  it('jump to the first and the last layer', () => {
    expect([from(2, 'Home'), from(2, 'End')]).toEqual([0, 3])
  })
})

it('draws a line through its points', () => {
  expect(
    pathThrough([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ]),
  ).toBe('M1 2 L3 4')
})
