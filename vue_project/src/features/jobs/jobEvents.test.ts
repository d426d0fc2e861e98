import { expect, it } from 'vitest'
import type { EventView } from '@/api/jobs'
import { bestStep, curveOf, emptyRecord, heldUntil, withEvent, withEvents } from './jobEvents'

const time = '2026-01-01T00:00:00Z'

function log(seq: number, message: string): EventView {
  return { seq, time, type: 'log', attempt: 1, data: { level: 'info', message } }
}

function metric(
  seq: number,
  step: number,
  values: Record<string, unknown>,
  attempt = 1,
): EventView {
  return { seq, time, type: 'metric', attempt, data: { stage: 'search', step, values } }
}

it('remembers the last event and changes nothing when a stream repeats it', () => {
  const record = withEvents(emptyRecord, [log(1, 'one'), metric(2, 1, { accuracy: 0.5 })])
  expect(record.lastSeq).toBe(2)
  expect(withEvent(record, metric(2, 1, { accuracy: 0.5 }))).toBe(record)
})

it('draws a value over its steps and skips steps without it', () => {
  const events = [
    metric(1, 1, { accuracy: 0.5 }),
    metric(2, 2, {}),
    metric(3, 3, { accuracy: 0.75 }),
  ]
  expect(curveOf(withEvents(emptyRecord, events).points, 'accuracy')).toEqual([
    [1, 0.5],
    [3, 0.75],
  ])
})

it('does not draw what is no number', () => {
  const { points } = withEvent(emptyRecord, metric(1, 1, { accuracy: null, loss: Infinity }))
  expect(points[0]?.values).toEqual({})
})

it('lets a resumed attempt take over from its first step', () => {
  const events = [
    metric(1, 1, { accuracy: 0.1 }),
    metric(2, 2, { accuracy: 0.2 }),
    metric(3, 3, { accuracy: 0.3 }),
    metric(4, 2, { accuracy: 0.8 }, 2),
  ]
  expect(curveOf(withEvents(emptyRecord, events).points, 'accuracy')).toEqual([
    [1, 0.1],
    [2, 0.8],
  ])
})

it('knows the chosen step: the latest that was best', () => {
  const events = [metric(1, 1, { best: 1 }), metric(2, 2, { best: 1 }), metric(3, 3, { best: 0 })]
  expect(bestStep(withEvents(emptyRecord, events).points)).toBe(2)
})

it('keeps the latest progress, with the time left where the server knows it', () => {
  const data = { stage: 'search', done: 3, total: 24, eta_s: 90.5 }
  const record = withEvent(emptyRecord, { seq: 1, time, type: 'progress', attempt: 1, data })
  expect(record.progress).toEqual({ stage: 'search', done: 3, total: 24, etaS: 90.5 })
})

it('draws a constant on to the last step there will be', () => {
  expect(heldUntil([[1, 0.9]], 24)).toEqual([
    [1, 0.9],
    [24, 0.9],
  ])
  expect(heldUntil([[1, 0.9]], undefined)).toEqual([[1, 0.9]])
  expect(heldUntil([], 24)).toEqual([])
})

function at(
  seq: number,
  second: number,
  type: 'state' | 'progress' | 'usage',
  data: Record<string, unknown>,
  attempt = 1,
): EventView {
  return { seq, time: new Date(second * 1000).toISOString(), type, attempt, data }
}

it('adds up the time of each phase, and that before and after them, by attempt', () => {
  const events = [
    at(1, 0, 'state', { state: 'running' }),
    at(2, 10, 'progress', { stage: 'search', done: 1, total: 2 }),
    at(3, 15, 'progress', { stage: 'search', done: 2, total: 2 }),
    at(4, 35, 'progress', { stage: 'recover', done: 1, total: 1 }),
    at(5, 38, 'state', { state: 'failed' }),
    at(6, 99, 'state', { state: 'running' }, 2),
    at(7, 100, 'progress', { stage: 'recover', done: 1, total: 1 }, 2),
  ]
  expect(withEvents(emptyRecord, events).phases).toEqual([
    { attempt: 1, stage: 'search', seconds: 15 },
    { attempt: 1, stage: 'recover', seconds: 20 },
    { attempt: 1, stage: '', seconds: 3 },
    { attempt: 2, stage: 'recover', seconds: 1 },
  ])
})

it('keeps what the job took of the machine', () => {
  const data = { processors: 1.5, memory_bytes: 9, gpu_ratio: null, gpu_memory_bytes: null }
  expect(withEvent(emptyRecord, at(1, 2, 'usage', data)).usage).toEqual([
    { time: 2000, processors: 1.5, memoryBytes: 9, gpuRatio: null, gpuMemoryBytes: null },
  ])
})
