import { describe, expect, it } from 'vitest'
import type { Manifest } from '@/api/modules'
import { comparisonRows } from './comparison'

const figures = (accuracy: number, ms: number) =>
  ({
    accuracy_test: accuracy,
    latency_ms: { '1': ms },
  }) as unknown as Manifest['measures']['module']

const first = { original: figures(0.9, 4), module: figures(0.95, 2) }
const second = { original: figures(0.9, 6), module: figures(0.85, 2) }

describe('modules beside each other', () => {
  const rows = comparisonRows([first, second])
  const row = (name: string) => rows.find((each) => each.name === name)

  it('puts every module beside the original', () => {
    expect(row('accuracyTest')).toMatchObject({ original: 0.9, modules: [0.95, 0.85] })
  })

  it('measures speed against what the original took beside each module', () => {
    expect(row('timesAsFast')).toMatchObject({ original: 1, modules: [2, 3] })
  })
})
