import { expect, it } from 'vitest'
import { changeOf, measureRows, timesAsFast } from './measureRows'

const original = {
  accuracy_validation: 0.9,
  accuracy_test: 0.92,
  weights_kept: 1000,
  weights_total: 1000,
  retained_ratio: 1,
  kernels_kept: null,
  kernels_total: null,
  head_parameters: 650,
  macs_dense: 4000,
  macs_masked: 4000,
  parameters: 1650,
  macs: 4000,
  file_size_bytes: 8000,
  latency_ms: { '1': 2, '64': 40 },
}
const module = {
  ...original,
  weights_kept: 80,
  retained_ratio: 0.08,
  kernels_kept: null,
  kernels_total: null,
  latency_ms: { '1': 1, '64': 30 },
}

it('counts kernels where whole ones are cut out', () => {
  const of = (kernels_kept: number) => ({ ...original, kernels_kept, kernels_total: 200 })
  const rows = measureRows({ original: of(200), module: of(50) })
  expect(rows.find(({ name }) => name === 'kernels')).toMatchObject({ original: 200, module: 50 })
  expect(measureRows({ original, module }).map(({ name }) => name)).not.toContain('kernels')
})

it('gives each batch size a row of its own', () => {
  const latencies = measureRows({ original, module }).filter((row) => row.name === 'latency')
  expect(latencies).toEqual([
    { name: 'latency', unit: 'ms', original: 2, module: 1, batch: '1' },
    { name: 'latency', unit: 'ms', original: 40, module: 30, batch: '64' },
  ])
})

it('compares accuracies by their difference and amounts by their share', () => {
  expect(changeOf({ name: '', unit: 'accuracy', original: 0.5, module: 0.75 })).toBe(0.25)
  expect(changeOf({ name: '', unit: 'count', original: 1000, module: 80 })).toBeCloseTo(-0.92)
})

it('does not compare with nothing', () => {
  expect(changeOf({ name: '', unit: 'count', original: 0, module: 80 })).toBeUndefined()
})

it('compares the int8 file with the original by way of the float file', () => {
  const int8 = {
    latency_setup: { engine: '', device: '', threads: 1, runs: 1 },
    calibration_images: 8,
    accuracy_validation: 0.9,
    accuracy_test: 0.9,
    file_size_bytes: 100,
    latency_ms: { '1': 0.5 },
    float_latency_ms: { '1': 1.5 },
  }
  expect(timesAsFast({ original, module }, int8)).toEqual([{ batch: '1', float: 2, int8: 6 }])
})
