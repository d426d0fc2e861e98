import { expect, it } from 'vitest'
import type { EventView, LogLine, LogPage } from '@/api/jobs'
import {
  linesOf,
  MOST_LINES,
  newestLines,
  withEarlier,
  withLater,
  withLive,
  type LogWindow,
} from './logWindow'

const time = '2026-01-01T00:00:00Z'

function lines(first: number, last: number): LogLine[] {
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    seq: first + at,
    time,
    attempt: 1,
    level: 'info',
    message: `line ${String(first + at)}`,
  }))
}

const page = (first: number, last: number, has_more: boolean): LogPage => ({
  items: lines(first, last),
  has_more,
  reached: first,
  last_seq: last,
})
const later = (first: number, last: number, has_more: boolean): LogPage => ({
  ...page(first, last, has_more),
  reached: last,
})
const ends = ({ lines: shown, hasEarlier, hasLater }: LogWindow) => [
  shown[0]?.seq,
  shown.at(-1)?.seq,
  hasEarlier,
  hasLater,
]

it('begins with the newest lines and goes back through earlier ones', () => {
  const newest = newestLines(page(900, 999, true))
  expect(ends(newest)).toEqual([900, 999, true, false])
  expect(ends(withEarlier(newest, page(400, 899, false)))).toEqual([400, 999, false, false])
})

it('lets go of the newest lines when it gets too long going back, and fetches them again', () => {
  const long = withEarlier(newestLines(page(1001, 2000, true)), page(1, 1000, false))
  expect(ends(long)).toEqual([1, MOST_LINES, false, true])
  expect(long.to).toBe(MOST_LINES)
  const back = withLater(long, later(MOST_LINES + 1, 2000, false))
  expect(ends(back)).toEqual([501, 2000, true, false])
  expect([back.from, back.to]).toEqual([501, 2000])
})

it('remembers how far a search has come that found nothing', () => {
  const nothing: LogPage = { items: [], has_more: true, reached: 900_001, last_seq: 1_000_000 }
  const window = newestLines(nothing)
  expect([window.from, window.to, window.hasEarlier]).toEqual([900_001, 1_000_000, true])
  const found = withEarlier(window, { ...page(800_500, 800_500, false), reached: 1 })
  expect([found.from, found.lines.length, found.hasEarlier]).toEqual([1, 1, false])
})

it('adds what is written meanwhile once, and lets go of the first lines', () => {
  const window = newestLines(page(1, MOST_LINES, false))
  const live = withLive(window, lines(MOST_LINES, MOST_LINES + 2)) // the first is known already
  expect(ends(live)).toEqual([3, MOST_LINES + 2, true, false])
})

it('stays where the reader is while later lines are not shown', () => {
  const window = { lines: lines(1, 9), from: 1, to: 9, hasEarlier: false, hasLater: true }
  expect(withLive(window, lines(50, 51))).toBe(window)
})

it('lets through the lines that the filter means, in any case', () => {
  const event = (seq: number, level: string, message: string, attempt = 1): EventView => ({
    seq,
    time,
    type: 'log',
    attempt,
    data: { level, message },
  })
  const metric: EventView = { seq: 9, time, type: 'metric', attempt: 1, data: {} }
  const events = [event(1, 'info', 'Loading'), event(2, 'error', 'loading x', 2), metric]
  const found = (filter: object) =>
    linesOf(events, { attempt: undefined, level: undefined, find: '', ...filter }).map(
      ({ seq }) => seq,
    )
  expect(found({})).toEqual([1, 2])
  expect(found({ find: 'LOAD' })).toEqual([1, 2])
  expect(found({ level: 'error' })).toEqual([2])
  expect(found({ attempt: 1 })).toEqual([1])
})
