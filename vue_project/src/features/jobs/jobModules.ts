import type { JobView } from '@/api/jobs'
import type { MetricPoint } from './jobEvents'

/** One of several modules that a job searches together, as far as it has come. */
export interface JobModule {
  name: string
  /** Its id, once it is on disk. */
  id: string | undefined
  /** Kernels kept after the last epoch, or in the module once there is one. */
  kernels: number
  kernelsTotal: number
  /** Share of the class's validation images that it knows, after the last epoch. */
  recall: number | undefined
  /** Share of kernels kept, by epoch. */
  keptCurve: [step: number, ratio: number][]
  recallCurve: [step: number, ratio: number][]
}

interface MadeModule {
  class: string
  module: string
  kernels_kept: number
  kernels_total: number
}

/** What was asked for, in the order of every list that the search reports. */
function namesOf(job: JobView): string[] {
  const target = job.request['target'] as { kind?: string; classes: string[]; groups: string[] }
  if (target.kind !== 'each') return []
  return target.groups.length > 0 ? target.groups : target.classes
}

function curveAt(points: readonly MetricPoint[], name: string, at: number): [number, number][] {
  return points.flatMap(({ step, lists }) => {
    const value = lists[name]?.[at]
    return value === undefined ? [] : [[step, value] as [number, number]]
  })
}

/** Draw up the modules of a job that makes several; none for other jobs, and before the first epoch. */
export function modulesOf(job: JobView, points: readonly MetricPoint[]): JobModule[] {
  if (job.kind !== 'modularize') return []
  const made = (job.result?.['modules'] ?? []) as MadeModule[]
  return namesOf(job).flatMap((name, at) => {
    const kernels = curveAt(points, 'kernels', at)
    const recallCurve = curveAt(points, 'recalls', at)
    const done = made.find((each) => each.class === name)
    const kept = done?.kernels_kept ?? kernels.at(-1)?.[1]
    // The search begins with every kernel.
    const total = done?.kernels_total ?? kernels[0]?.[1]
    if (kept === undefined || !total) return []
    return [
      {
        name,
        id: done?.module,
        kernels: kept,
        kernelsTotal: total,
        recall: recallCurve.at(-1)?.[1],
        keptCurve: kernels.map(([step, count]) => [step, count / total] as [number, number]),
        recallCurve,
      },
    ]
  })
}
