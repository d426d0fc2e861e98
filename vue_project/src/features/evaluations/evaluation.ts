import type { Evaluation, Findings } from '@/api/evaluations'
import type { ChartLine } from '@/ui/chart'

export interface ClassRow {
  name: string
  original: number | null | undefined
  module: number | null | undefined
}

/** The accuracy on the images of each class, of the module and its original. */
export function classRows({ labels, findings, original }: Evaluation): ClassRow[] {
  return labels.map((name, at) => ({
    name,
    original: original?.scores.accuracy_per_class[at],
    module: findings.scores.accuracy_per_class[at],
  }))
}

export interface LatencyRow {
  engine: string
  note: string
  batch: string
  original: number | undefined
  module: number
  /** How many times faster the module is. */
  speedUp: number | undefined
}

/** One row for each engine and batch size. */
export function latencyRows({ latency }: Evaluation): LatencyRow[] {
  return latency.flatMap(({ engine, note, latency_ms, original_latency_ms }) =>
    Object.entries(latency_ms).map(([batch, module]) => {
      const original = original_latency_ms?.[batch]
      return { engine, note, batch, original, module, speedUp: original && original / module }
    }),
  )
}

const HUNDREDTHS = 100

/** Accuracy over confidence, in hundredths, where there are answers of such confidence. */
export function calibrationPoints({ scores }: Findings): ChartLine['points'] {
  return scores.calibration.bins.flatMap(({ accuracy, confidence }) =>
    accuracy === null || confidence === null ? [] : [[confidence * HUNDREDTHS, accuracy] as const],
  )
}

interface Images {
  name: string
  classes: readonly string[]
  input_shape: readonly number[]
  num_train: number
}

/** The data sets on disk that a question about some classes of another one can be asked of. */
export function fittingDatasets<Dataset extends Images>(
  datasets: readonly Dataset[],
  { asked, dataset }: { asked: readonly string[]; dataset: string },
): Dataset[] {
  const own = datasets.find(({ name }) => name === dataset)
  return datasets.filter(
    ({ classes, input_shape, num_train }) =>
      num_train > 0 &&
      asked.every((name) => classes.includes(name)) &&
      (!own || input_shape.every((size, axis) => size === own.input_shape[axis])),
  )
}
