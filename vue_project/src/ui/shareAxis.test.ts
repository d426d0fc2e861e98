import { expect, it } from 'vitest'
import { shareAxis } from './shareAxis'

it('ends at all of them and never beyond', () => {
  expect(shareAxis([0.912, 0.998])).toEqual({ min: 0.9, max: 1, interval: 0.02 })
  expect(shareAxis([0.37, 1])).toEqual({ min: 0.2, max: 1, interval: 0.2 })
  expect(shareAxis([0, 1])).toEqual({ min: 0, max: 1, interval: 0.2 })
})

it('lies close around the values in steps of the whole', () => {
  expect(shareAxis([0.21, 0.43])).toEqual({ min: 0.2, max: 0.45, interval: 0.05 })
})

it('has some length where all values are alike', () => {
  expect(shareAxis([1])).toEqual({ min: 0.995, max: 1, interval: 0.005 })
  expect(shareAxis([0])).toEqual({ min: 0, max: 0.005, interval: 0.005 })
})

it('is a whole axis without values', () => {
  expect(shareAxis([])).toMatchObject({ min: 0, max: 1 })
})
