import type { Manifest } from '@/api/modules'
import type { Unit } from './measureRows'

type Measures = Manifest['measures']['module']

export interface ComparisonRow {
  /** The last part of a message's name. */
  name: string
  unit: Unit | 'times'
  batch?: string
  original: number
  /** One for each module, in the order given. */
  modules: number[]
}

const FIGURES: [name: string, unit: Unit, of: (measures: Measures) => number][] = [
  ['accuracyTest', 'accuracy', (m) => m.accuracy_test],
  ['accuracyValidation', 'accuracy', (m) => m.accuracy_validation],
  ['retainedRatio', 'ratio', (m) => m.retained_ratio],
  ['parameters', 'count', (m) => m.parameters],
  ['macsMasked', 'macs', (m) => m.macs_masked],
  ['macs', 'macs', (m) => m.macs],
  ['fileSize', 'bytes', (m) => m.file_size_bytes],
]

/**
 * Modules of one model and target beside their original. Each was timed in turns with the original
 * when it was made, so "times as fast" refers to what the original took then.
 */
export function comparisonRows(
  measures: readonly [Manifest['measures'], ...Manifest['measures'][]],
): ComparisonRow[] {
  const [{ original }] = measures
  const latency = (of: Measures, batch: string) => of.latency_ms[batch] ?? Number.NaN
  return [
    ...FIGURES.map(([name, unit, of]) => ({
      name,
      unit,
      original: of(original),
      modules: measures.map(({ module }) => of(module)),
    })),
    ...Object.keys(original.latency_ms).flatMap((batch): ComparisonRow[] => [
      {
        name: 'latency',
        unit: 'ms',
        batch,
        original: latency(original, batch),
        modules: measures.map(({ module }) => latency(module, batch)),
      },
      {
        name: 'timesAsFast',
        unit: 'times',
        batch,
        original: 1,
        modules: measures.map(
          (both) => latency(both.original, batch) / latency(both.module, batch),
        ),
      },
    ]),
  ]
}
