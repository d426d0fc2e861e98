import { expect, it } from 'vitest'
import { shadeOf, type HeatRow } from './heatTable'

const row = (...values: (number | null)[]): HeatRow => ({
  name: '',
  cells: values.map((value) => ({ value, text: '' })),
})

it('shades from the least to the greatest value of the whole table', () => {
  const shade = shadeOf([row(0.5, 0.75), row(1, null)])
  expect([0.5, 0.75, 1, null].map(shade)).toEqual([0, 0.5, 1, 0])
})

it('shades equal values alike, and passes over empty cells', () => {
  expect(shadeOf([{ name: '', cells: [undefined, { value: 0.25, text: '' }] }])(0.25)).toBe(1)
})
