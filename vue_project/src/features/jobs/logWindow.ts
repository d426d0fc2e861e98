import type { EventView, LogLevel, LogLine, LogPage } from '@/api/jobs'

/** The part of a log that is on the page; a log may be far longer than a page can hold. */
export interface LogWindow {
  lines: readonly LogLine[]
  hasEarlier: boolean
  hasLater: boolean
}

/** Which lines are wanted; empty: all. */
export interface LogFilter {
  attempt: number | undefined
  level: LogLevel | undefined
  find: string
}

export const MOST_LINES = 1500

export function newestLines(page: LogPage): LogWindow {
  return { lines: page.items, hasEarlier: page.has_more, hasLater: false }
}

/** Lines before the window; if it gets too long its last ones go. */
export function withEarlier({ lines, hasLater }: LogWindow, page: LogPage): LogWindow {
  const all = [...page.items, ...lines]
  return {
    lines: all.slice(0, MOST_LINES),
    hasEarlier: page.has_more,
    hasLater: hasLater || all.length > MOST_LINES,
  }
}

/** Lines after the window; if it gets too long its first ones go. */
export function withLater({ lines, hasEarlier }: LogWindow, page: LogPage): LogWindow {
  const all = [...lines, ...page.items]
  return {
    lines: all.slice(-MOST_LINES),
    hasEarlier: hasEarlier || all.length > MOST_LINES,
    hasLater: page.has_more,
  }
}

/** Lines that have just been written; a window that ends before them stays where it is. */
export function withLive(window: LogWindow, lines: readonly LogLine[]): LogWindow {
  const last = window.lines.at(-1)?.seq ?? 0
  const items = lines.filter(({ seq }) => seq > last)
  if (window.hasLater || items.length === 0) return window
  return withLater(window, { items, has_more: false, last_seq: 0 })
}

/** The lines among some events that a filter lets through, as the server would. */
export function linesOf(events: readonly EventView[], filter: LogFilter): LogLine[] {
  const wanted = filter.find.toLowerCase()
  return events
    .filter(({ type }) => type === 'log')
    .map(({ seq, time, attempt, data }) => ({
      seq,
      time,
      attempt,
      level: data['level'] as LogLevel,
      message: String(data['message']),
    }))
    .filter(
      (line) =>
        (filter.attempt === undefined || line.attempt === filter.attempt) &&
        (filter.level === undefined || line.level === filter.level) &&
        line.message.toLowerCase().includes(wanted),
    )
}
