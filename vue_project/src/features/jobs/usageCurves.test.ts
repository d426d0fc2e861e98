import { expect, it } from 'vitest'
import { usageCurves } from './usageCurves'

const point = (second: number, gpuRatio: number | null = null) => ({
  time: 5000 + second * 1000,
  processors: 1.5,
  memoryBytes: 100,
  gpuRatio,
  gpuMemoryBytes: null,
})

it('draws short work over whole seconds from its first sample on', () => {
  const curves = usageCurves([point(0), point(2.018)])
  expect(curves.isInMinutes).toBe(false)
  expect(curves.processors).toEqual([
    [0, 1.5],
    [2, 1.5],
  ])
})

it('draws long work over minutes', () => {
  const curves = usageCurves([point(0), point(600)])
  expect(curves.isInMinutes).toBe(true)
  expect(curves.memory.at(-1)).toEqual([10, 100])
})

it('draws no curve of a GPU that is not there', () => {
  expect(usageCurves([point(0), point(2)]).gpu).toEqual([])
  expect(usageCurves([point(0, 0.5), point(2)]).gpu).toEqual([[0, 0.5]])
})
