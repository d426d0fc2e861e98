import { expect, it } from 'vitest'
import { thresholdCurves } from './thresholdCurves'

const seam = (threshold: number, rate: number | null) => ({ name: 'SeaM', threshold, rate })
const standard = { name: 'Standard', threshold: null, rate: 0.4 }

it('is one curve in the order of thresholds, and a level line for what removes nothing', () => {
  const curves = thresholdCurves(
    [standard, seam(0.7, 0.1), seam(0.3, 0.3)],
    ({ rate }) => rate,
    0.7,
  )

  expect(curves.map(({ name, points }) => [name, points])).toEqual([
    ['SeaM', [[0.3, 0.3], [0.7, 0.1]]], // prettier-ignore
    ['Standard', [[0.3, 0.4], [0.7, 0.4]]], // prettier-ignore
  ])
  expect(curves.map(({ marked }) => marked)).toEqual([0.7, undefined])
})

it('leaves out what was not measured', () => {
  const [curve] = thresholdCurves([seam(0.3, null), seam(0.5, 0.2)], ({ rate }) => rate, undefined)

  expect(curve?.points).toEqual([[0.5, 0.2]])
})

it('is nothing without a threshold', () => {
  expect(thresholdCurves([standard], ({ rate }) => rate, undefined)).toEqual([])
})
