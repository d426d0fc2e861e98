import { expect, it } from 'vitest'
import { positionOf, threeDigits, valueAt } from './scale'

it('places a value between the ends', () => {
  expect(positionOf(0.95, { low: 0.9, high: 1 })).toBeCloseTo(50)
  expect(valueAt(25, { low: 0, high: 200 })).toBe(50)
})

it('places ten between one and a hundred in the middle of a logarithmic scale', () => {
  const scale = { low: 1, high: 100, isLogarithmic: true }
  expect(positionOf(10, scale)).toBeCloseTo(50)
  expect(valueAt(50, scale)).toBeCloseTo(10)
})

it('keeps values beyond the ends at the ends', () => {
  expect(positionOf(5, { low: 0, high: 1 })).toBe(100)
  expect(positionOf(-5, { low: 0, high: 1 })).toBe(0)
})

it('rounds to the side that leaves nothing out', () => {
  expect(threeDigits(0.98765, 'down')).toBe(0.987)
  expect(threeDigits(0.98765, 'up')).toBe(0.988)
  expect(threeDigits(270_896, 'up')).toBe(271_000)
  expect(threeDigits(0.9, 'down')).toBe(0.9)
})
