import { describe, expect, it } from 'vitest'
import type { Evaluation, Findings } from '@/api/evaluations'
import { calibrationPoints, classRows, fittingDatasets, latencyRows } from './evaluation'

const bin = (confidence: number | null, accuracy: number | null) => ({
  lower: 0,
  upper: 1,
  images: 1,
  confidence,
  accuracy,
})

const findings = {
  scores: {
    accuracy_per_class: [0.5, null],
    calibration: { expected_error: 0.1, bins: [bin(null, null), bin(0.25, 0.5)] },
  },
} as unknown as Findings

const evaluation = {
  labels: ['cat', 'dog'],
  findings,
  original: null,
  latency: [{ engine: 'E', note: '', latency_ms: { '1': 2 }, original_latency_ms: { '1': 3 } }],
} as unknown as Evaluation

describe('an evaluation', () => {
  it('has a row for each class, with no figure where there is none', () => {
    expect(classRows(evaluation)).toEqual([
      { name: 'cat', original: undefined, module: 0.5 },
      { name: 'dog', original: undefined, module: null },
    ])
  })

  it('says how many times faster the module is with each engine', () => {
    expect(latencyRows(evaluation)).toEqual([
      { engine: 'E', note: '', batch: '1', original: 3, module: 2, speedUp: 1.5 },
    ])
  })

  it('has no speed-up without an original', () => {
    const [engine] = evaluation.latency
    const alone = { ...evaluation, latency: [{ ...engine, original_latency_ms: null }] }

    expect(latencyRows(alone as Evaluation)[0]?.speedUp).toBeUndefined()
  })

  it('draws only the bins that hold answers', () => {
    expect(calibrationPoints(findings)).toEqual([[25, 0.5]])
  })
})

describe('the data sets to choose from', () => {
  const dataset = (name: string, classes: string[], size: number, images: number) => ({
    name,
    classes,
    input_shape: [3, size, size],
    num_train: images,
  })
  it('have the class that is asked for, images of the same shape, and are here', () => {
    const pets = dataset('pets', ['cat', 'dog'], 32, 10)
    const wild = dataset('wild', ['lion', 'cat'], 32, 10)
    const datasets = [
      pets,
      wild,
      dataset('large', ['cat'], 64, 10),
      dataset('cars', ['bus'], 32, 10),
      dataset('absent', ['cat'], 32, 0),
    ]

    expect(fittingDatasets(datasets, { asked: ['cat'], dataset: 'pets' })).toEqual([pets, wild])
  })
})
