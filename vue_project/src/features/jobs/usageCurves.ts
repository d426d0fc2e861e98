import type { UsagePoint } from './jobEvents'

type Curve = [x: number, y: number][]

const MINUTE_S = 60
const LONG_S = 5 * MINUTE_S

/** What the job took of the machine over the time since it was first looked at. */
export interface UsageCurves {
  isInMinutes: boolean
  processors: Curve
  memory: Curve
  gpu: Curve
  gpuMemory: Curve
}

/** Short work is drawn over seconds, longer work over minutes. */
export function usageCurves(usage: readonly UsagePoint[]): UsageCurves {
  const from = usage[0]?.time ?? 0
  const isInMinutes = ((usage.at(-1)?.time ?? 0) - from) / 1000 > LONG_S
  const unitMs = isInMinutes ? 1000 * MINUTE_S : 1000
  const curve = (value: (point: UsagePoint) => number | null): Curve =>
    usage.flatMap((point) => {
      const y = value(point)
      const x = (point.time - from) / unitMs
      return y === null ? [] : [[isInMinutes ? Math.round(x * 10) / 10 : Math.round(x), y]]
    })
  return {
    isInMinutes,
    processors: curve(({ processors }) => processors),
    memory: curve(({ memoryBytes }) => memoryBytes),
    gpu: curve(({ gpuRatio }) => gpuRatio),
    gpuMemory: curve(({ gpuMemoryBytes }) => gpuMemoryBytes),
  }
}
