import type { EventView } from '@/api/jobs'
import type { ChartLine } from '@/ui/chart'

export type Axis = 'epoch' | 'time'
export const MEASURES = ['accuracy', 'retained_ratio'] as const
export type Measure = (typeof MEASURES)[number]

const TONES = ['module', 'second', 'original'] as const

/** One curve of a job: what it had reached after each epoch, or after so many seconds. */
export function curveOf(
  events: readonly EventView[],
  { measure, axis }: { measure: Measure; axis: Axis },
): ChartLine['points'] {
  const begun = events.find(({ data }) => data['state'] === 'running')
  const start = Date.parse(begun?.time ?? '')
  const metrics = events.filter(({ type }) => type === 'metric')
  return metrics.flatMap(({ data, time }, at): [number, number][] => {
    const values = data['values'] as Record<string, unknown> | undefined
    const y = values?.[measure]
    const x = axis === 'epoch' ? at + 1 : Math.round((Date.parse(time) - start) / 1000)
    return typeof y === 'number' ? [[x, y]] : []
  })
}

/** Give each curve a look of its own: three colours, then the same ones dashed. */
export function lookOf(at: number): Pick<ChartLine, 'tone' | 'isDashed'> {
  return { tone: TONES[at % TONES.length] ?? 'module', isDashed: at >= TONES.length }
}
