import { describe, expect, it } from 'vitest'
import { cellsOf, heatmapOption } from './heatmapOption'

const tokens = { module: 'm', sunken: 's', ink: 'i', 'ink-soft': 'k', line: 'l', surface: 'w' }
const look = { names: ['cat', 'dog'], xTitle: 'Answer', yTitle: 'Shown', tokens }

describe('a matrix as shades', () => {
  it('shades each cell by its share of its own row', () => {
    expect(cellsOf([[3, 1]])).toEqual([
      [0, 0, 0.75, 3],
      [1, 0, 0.25, 1],
    ])
  })

  it('leaves a row without counts unshaded', () => {
    expect(cellsOf([[0, 0]]).map(([, , share]) => share)).toEqual([0, 0])
  })

  it('has the first row on top', () => {
    expect(heatmapOption([[1]], look)['yAxis']).toMatchObject({ inverse: true })
  })

  it('writes the counts only where they can be read', () => {
    const many = Array.from({ length: 13 }, () => Array.from({ length: 13 }, () => 1))
    const series = (rows: number[][]) => heatmapOption(rows, look)['series']

    expect(series([[1]])).toMatchObject([{ label: { show: true } }])
    expect(series(many)).toMatchObject([{ label: { show: false } }])
  })
})
