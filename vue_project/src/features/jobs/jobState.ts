import type { JobKind, JobState, JobView } from '@/api/jobs'
import { withoutIdleSeed } from '@/lib/target'

export const states = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const satisfies readonly JobState[]

export const kinds = [
  'modularize',
  'train',
  'reuse',
  'evaluate',
  'robustness',
  'backdoor',
] as const satisfies readonly JobKind[]

const tones = {
  queued: 'neutral',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  interrupted: 'module',
} as const satisfies Record<JobState, string>

export function toneOf(state: JobState) {
  return tones[state]
}

/** Work is going on or about to. */
export function isActive(state: JobState): boolean {
  return state === 'queued' || state === 'running'
}

/** Nothing of it is to come, unless a person asks for it. */
export function canDelete(state: JobState): boolean {
  return !isActive(state) && state !== 'interrupted'
}

export function canRetry(state: JobState): boolean {
  return state === 'failed' || state === 'cancelled' || state === 'interrupted'
}

/** One member of a list; of one with several fields, what each of them holds. */
function describeMember(member: unknown): string {
  return typeof member === 'object' && member !== null
    ? Object.values(member).map(String).join(' · ')
    : String(member)
}

/** Numbers that were measured have more digits than they have meaning. */
function describeValue(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(6)))
    : String(value)
}

/** A request as lines of text: nested names are joined by dots, lists by commas; no empty ones. */
export function describeRequest(request: object, prefix = ''): [name: string, value: string][] {
  return Object.entries(request).flatMap(([key, value]: [string, unknown]) => {
    const name = prefix + key
    if (value === null || value === undefined) return []
    if (Array.isArray(value)) {
      return value.length > 0
        ? [[name, value.map(describeMember).join(', ')] as [string, string]]
        : []
    }
    if (typeof value === 'object') return describeRequest(value, `${name}.`)
    return [[name, describeValue(value)] as [string, string]]
  })
}

/** What a job was asked for, but for its settings and for a seed that nothing was drawn with. */
export function describeAsked(request: JobView['request']): [name: string, value: string][] {
  const { target } = request
  return describeRequest({
    ...request,
    settings: null,
    config: null,
    ...(typeof target === 'object' && target && { target: withoutIdleSeed(target) }),
  })
}
