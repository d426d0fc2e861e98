import { expect, it } from 'vitest'
import { axisEnd } from './axisEnd'

it('ends an axis of shares at all of them where it might reach beyond', () => {
  expect(axisEnd(1)({ min: 0.9, max: 0.998 })).toBe(1)
  expect(axisEnd(1)({ min: 1, max: 1 })).toBe(1)
  expect(axisEnd(1)({ min: 0.97, max: 0.97 })).toBe(1)
})

it('leaves the end to the chart library where there is room or no largest value', () => {
  expect(axisEnd(1)({ min: 0.2, max: 0.5 })).toBeNull() // 0.5 + 0.15 is below 1
  expect(axisEnd(undefined)({ min: 1, max: 9 })).toBeNull()
})
