import type { Manifest } from '@/api/modules'

/** What kind of number a row shows; decides how it is written and compared. */
export type Unit = 'accuracy' | 'ratio' | 'count' | 'macs' | 'bytes' | 'ms'

export interface MeasureRow {
  /** The last part of a message's name. */
  name: string
  unit: Unit
  original: number
  module: number
  /** Set on latencies: how many images at once. */
  batch?: string
}

/** The figures of original and module side by side, the most asked-for first. */
export function measureRows({ original, module }: Manifest['measures']): MeasureRow[] {
  const row = (name: string, unit: Unit, of: (measures: typeof module) => number): MeasureRow => ({
    name,
    unit,
    original: of(original),
    module: of(module),
  })
  return [
    row('accuracyTest', 'accuracy', (m) => m.accuracy_test),
    row('accuracyValidation', 'accuracy', (m) => m.accuracy_validation),
    row('retainedRatio', 'ratio', (m) => m.retained_ratio),
    row('weights', 'count', (m) => m.weights_kept),
    ...(original.kernels_kept === null
      ? []
      : [row('kernels', 'count', (m) => m.kernels_kept ?? Number.NaN)]),
    row('headParameters', 'count', (m) => m.head_parameters),
    row('parameters', 'count', (m) => m.parameters),
    row('macs', 'macs', (m) => m.macs),
    row('macsMasked', 'macs', (m) => m.macs_masked),
    row('fileSize', 'bytes', (m) => m.file_size_bytes),
    ...Object.keys(module.latency_ms).map((batch) => ({
      ...row('latency', 'ms', (m) => m.latency_ms[batch] ?? Number.NaN),
      batch,
    })),
  ]
}

/** How a module's figure compares: a difference of accuracies, else a relative one; 0 is "same". */
export function changeOf({ unit, original, module }: MeasureRow): number | undefined {
  if (unit === 'accuracy') return module - original
  if (unit === 'ratio' || original === 0) return undefined
  return module / original - 1
}

/** Both files beside the original, which was timed in turns with the float file alone. */
export function timesAsFast(
  { original, module }: Manifest['measures'],
  { latency_ms, float_latency_ms }: NonNullable<Manifest['int8']>,
): { batch: string; float: number; int8: number }[] {
  const quotient = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? Number.NaN : a / b
  return Object.keys(latency_ms).map((batch) => {
    const float = quotient(original.latency_ms[batch], module.latency_ms[batch])
    return { batch, float, int8: float * quotient(float_latency_ms[batch], latency_ms[batch]) }
  })
}
