import type { EventView } from '@/api/jobs'

/** What a job's events add up to: all that its page draws. */
export interface JobRecord {
  lastSeq: number
  points: readonly MetricPoint[]
  progress: Progress | null
  phases: readonly Phase[]
  /** When the time began that the next step of a phase counts from, in ms. */
  phaseFrom: number
  usage: readonly UsagePoint[]
  /** The state that was told last, and the attempt it was told of. */
  state: string
  attempt: number
}

/** What an attempt did at one time; the stage is empty for what no stage was told of. */
export interface Phase {
  attempt: number
  stage: string
  seconds: number
}

/** What the job took of the machine at one time; `null` where there is no GPU. */
export interface UsagePoint {
  /** In ms. */
  time: number
  processors: number
  memoryBytes: number
  gpuRatio: number | null
  gpuMemoryBytes: number | null
}

/** The values of one step (an epoch, usually) of one stage. */
export interface MetricPoint {
  stage: string
  step: number
  attempt: number
  values: Readonly<Record<string, number>>
  /** Values that there are several of, one for each of the modules that are made together. */
  lists: Readonly<Record<string, readonly number[]>>
}

export interface Progress {
  stage: string
  done: number
  total: number
  etaS: number | null
}

export const emptyRecord: JobRecord = {
  lastSeq: 0,
  points: [],
  progress: null,
  phases: [],
  phaseFrom: 0,
  usage: [],
  state: '',
  attempt: 0,
}

/**
 * A later attempt takes over from its first step on: what an earlier one had already drawn beyond
 * it (a crash lost the checkpoint, say) did not become part of the result.
 */
function withPoint(points: readonly MetricPoint[], point: MetricPoint): readonly MetricPoint[] {
  const last = points.at(-1)
  const goesOn = !last || last.stage !== point.stage || last.step < point.step
  const kept = goesOn
    ? points
    : points.filter((each) => each.stage !== point.stage || each.step < point.step)
  return [...kept, point]
}

/** A step of the phase that goes on, or the first of another. */
function withPhase(
  { phases, phaseFrom }: JobRecord,
  { attempt, stage }: Pick<Phase, 'attempt' | 'stage'>,
  now: number,
): readonly Phase[] {
  const seconds = Math.max(0, now - phaseFrom) / 1000
  const last = phases.at(-1)
  if (last?.attempt !== attempt || last.stage !== stage) {
    return [...phases, { attempt, stage, seconds }]
  }
  return [...phases.slice(0, -1), { ...last, seconds: last.seconds + seconds }]
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Events are the server's words; what is no finite number is no point of a curve. */
function numbers(values: unknown): Record<string, number> {
  if (typeof values !== 'object' || values === null) return {}
  const finite = Object.entries(values).filter(([, value]) => Number.isFinite(value))
  return Object.fromEntries(finite) as Record<string, number>
}

function lists(values: unknown): Record<string, number[]> {
  if (typeof values !== 'object' || values === null) return {}
  const several = Object.entries(values).filter(([, value]) => Array.isArray(value))
  return Object.fromEntries(several) as Record<string, number[]>
}

/** Add one event; one that is known already (a reconnected stream repeats) changes nothing. */
export function withEvent(record: JobRecord, event: EventView): JobRecord {
  if (event.seq <= record.lastSeq) return record
  const { seq, time, attempt, data } = event
  const next = { ...record, lastSeq: seq }
  switch (event.type) {
    case 'log':
      return next
    case 'metric': {
      const stage = text(data['stage'])
      const step = Number(data['step'])
      const { values } = data
      const point = { stage, step, attempt, values: numbers(values), lists: lists(values) }
      return { ...next, points: withPoint(record.points, point) }
    }
    case 'progress': {
      const progress = {
        stage: text(data['stage']),
        done: Number(data['done']),
        total: Number(data['total']),
        etaS: numberOrNull(data['eta_s']),
      }
      const now = Date.parse(time)
      const phases = withPhase(record, { attempt, stage: progress.stage }, now)
      return { ...next, progress, phases, phaseFrom: now }
    }
    case 'usage': {
      const point = {
        time: Date.parse(time),
        processors: Number(data['processors']),
        memoryBytes: Number(data['memory_bytes']),
        gpuRatio: numberOrNull(data['gpu_ratio']),
        gpuMemoryBytes: numberOrNull(data['gpu_memory_bytes']),
      }
      return { ...next, usage: [...record.usage, point] }
    }
    case 'state': {
      const now = Date.parse(time)
      const wasRunning = record.state === 'running'
      const phases = wasRunning
        ? withPhase(record, { attempt: record.attempt, stage: '' }, now)
        : record.phases
      return { ...next, state: text(data['state']), attempt, phases, phaseFrom: now }
    }
  }
}

export function withEvents(record: JobRecord, events: readonly EventView[]): JobRecord {
  return events.reduce(withEvent, record)
}

/** One value over the steps of a stage. */
export function curveOf(points: readonly MetricPoint[], value: string): [number, number][] {
  return points.flatMap(({ step, values }) => {
    const y = values[value]
    return y === undefined ? [] : [[step, y] as [number, number]]
  })
}

/** A curve whose last value is drawn on to a later step: a constant to compare with. */
export function heldUntil(curve: [number, number][], step: number | undefined): [number, number][] {
  const last = curve.at(-1)
  return last && step !== undefined && step > last[0] ? [...curve, [step, last[1]]] : curve
}

/** The step that is the chosen one so far, where an algorithm marks it. */
export function bestStep(points: readonly MetricPoint[]): number | undefined {
  return points.filter(({ values }) => values['best'] === 1).at(-1)?.step
}
