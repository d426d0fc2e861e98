import { expect, it } from 'vitest'
import { difference, factorFor } from './difference'

const clean = new Uint8ClampedArray([100, 100, 100, 255])
const attacked = new Uint8ClampedArray([110, 95, 100, 255])

it('is amplified as far as its largest value can be shown', () => {
  expect(factorFor(clean, attacked)).toBe(12) // 127 / 10
  expect(factorFor(clean, clean)).toBe(1)
})

it('is grey where nothing changed, lighter and darker where something did', () => {
  // 128 + 12 · 10, 128 - 12 · 5, 128
  expect([...difference(clean, attacked, 12)]).toEqual([248, 68, 128, 255])
})
