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

it('collects lines in order and remembers the last event', () => {
  const record = withEvents(emptyRecord, [log(1, 'one'), log(2, 'two')])
  expect(record.lines.map((line) => line.message)).toEqual(['one', 'two'])
  expect(record.lastSeq).toBe(2)
})

it('changes nothing when a reconnected stream repeats an event', () => {
  const record = withEvents(emptyRecord, [log(1, 'one'), log(2, 'two')])
  expect(withEvent(record, log(2, 'two'))).toBe(record)
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
