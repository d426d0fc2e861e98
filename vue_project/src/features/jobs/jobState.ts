import type { JobKind, JobState } from '@/api/jobs'

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
