import type { EventView } from '@/api/jobs'

/** What a job's events add up to: all that its page draws. */
export interface JobRecord {
  lastSeq: number
  lines: readonly LogLine[]
  points: readonly MetricPoint[]
  progress: Progress | null
  /** The state that was told last, and the attempt it was told of. */
  state: string
  attempt: number
}

export interface LogLine {
  seq: number
  time: string
  attempt: number
  level: string
  message: string
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
  lines: [],
  points: [],
  progress: null,
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
    case 'log': {
      const line = {
        seq,
        time,
        attempt,
        level: text(data['level']),
        message: text(data['message']),
      }
      return { ...next, lines: [...record.lines, line] }
    }
    case 'metric': {
      const stage = text(data['stage'])
      const step = Number(data['step'])
      const { values } = data
      const point = { stage, step, attempt, values: numbers(values), lists: lists(values) }
      return { ...next, points: withPoint(record.points, point) }
    }
    case 'progress': {
      const eta = data['eta_s']
      const progress = {
        stage: text(data['stage']),
        done: Number(data['done']),
        total: Number(data['total']),
        etaS: typeof eta === 'number' ? eta : null,
      }
      return { ...next, progress }
    }
    case 'state':
      return { ...next, state: text(data['state']), attempt }
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
