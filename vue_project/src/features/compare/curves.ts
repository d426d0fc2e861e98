import type { EventView, JobView } from '@/api/jobs'
import type { ChartLine } from '@/ui/chart'

export type Axis = 'epoch' | 'time'
/** The last two are of modules that are searched together: there is a value for each of them. */
export const MEASURES = ['accuracy', 'retained_ratio', 'recalls', 'kernels'] as const
export type Measure = (typeof MEASURES)[number]

const TONES = ['module', 'second', 'original'] as const

interface Wanted {
  measure: Measure
  axis: Axis
  /** Which of the modules that were searched together; all of them if it is not given. */
  part?: number | undefined
}

/** One curve of a job: what it had reached after each epoch, or after so many seconds. */
export function curveOf(events: readonly EventView[], wanted: Wanted): ChartLine['points'] {
  const begun = events.find(({ data }) => data['state'] === 'running')
  const start = Date.parse(begun?.time ?? '')
  const metrics = events.filter(({ type }) => type === 'metric')
  const points = metrics.flatMap(({ data, time }, at): [number, number][] => {
    const y = valueOf((data['values'] ?? {}) as Record<string, unknown>, wanted)
    const x = wanted.axis === 'epoch' ? at + 1 : Math.round((Date.parse(time) - start) / 1000)
    return y === undefined ? [] : [[x, y]]
  })
  return wanted.measure === 'kernels' ? sharesOfFirst(points) : points
}

function valueOf(values: Record<string, unknown>, { measure, part }: Wanted): number | undefined {
  const value = values[measure]
  if (Array.isArray(value)) {
    if (part === undefined) return mean(value.filter((each) => typeof each === 'number'))
    const own: unknown = value[part]
    return typeof own === 'number' ? own : undefined
  }
  // What is said of a joint search as a whole is not said of one of its modules, and its share of
  // weights is that of its kernels.
  const isOfAll = Array.isArray(values['kernels'])
  if (isOfAll && (part !== undefined || measure === 'retained_ratio')) return undefined
  return typeof value === 'number' ? value : undefined
}

function mean(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((sum, each) => sum + each, 0) / values.length : undefined
}

/** A search begins with every kernel. */
function sharesOfFirst(points: [number, number][]): [number, number][] {
  const all = points[0]?.[1] ?? 1
  return points.map(([x, kernels]) => [x, kernels / all])
}

/** Tell which of the modules that a job searches together is the one of a target, if it is one. */
export function partOf(job: JobView | undefined, names: readonly string[]): number | undefined {
  const target = job?.request['target'] as
    { kind?: string; classes: string[]; groups?: string[] } | undefined
  if (target?.kind !== 'each') return undefined
  const together = target.groups?.length ? target.groups : target.classes
  const at = together.findIndex((name) => names.includes(name))
  return at < 0 ? undefined : at
}

/** Give each curve a look of its own: three colours, then the same ones dashed. */
export function lookOf(at: number): Pick<ChartLine, 'tone' | 'isDashed'> {
  return { tone: TONES[at % TONES.length] ?? 'module', isDashed: at >= TONES.length }
}
