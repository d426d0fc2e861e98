import type { EventView, LogLevel, LogLine, LogPage } from '@/api/jobs'

/**
 * The part of a log that is on the page; a log may be far longer than a page can hold.
 * Everything between the events `from` and `to` has been looked at for it.
 */
export interface LogWindow {
  lines: readonly LogLine[]
  from: number
  to: number
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
  return {
    lines: page.items,
    from: page.reached,
    to: page.last_seq,
    hasEarlier: page.has_more,
    hasLater: false,
  }
}

/** Lines before the window; if it gets too long its last ones go. */
export function withEarlier(window: LogWindow, page: LogPage): LogWindow {
  const all = [...page.items, ...window.lines]
  const isTooLong = all.length > MOST_LINES
  return {
    lines: all.slice(0, MOST_LINES),
    from: page.reached,
    to: isTooLong ? (all[MOST_LINES - 1]?.seq ?? window.to) : window.to,
    hasEarlier: page.has_more,
    hasLater: window.hasLater || isTooLong,
  }
}

/** Lines after the window; if it gets too long its first ones go. */
export function withLater(
  window: LogWindow,
  page: Pick<LogPage, 'items' | 'has_more' | 'reached'>,
): LogWindow {
  const all = [...window.lines, ...page.items]
  const isTooLong = all.length > MOST_LINES
  return {
    lines: all.slice(-MOST_LINES),
    from: isTooLong ? (all.at(-MOST_LINES)?.seq ?? window.from) : window.from,
    to: page.reached,
    hasEarlier: window.hasEarlier || isTooLong,
    hasLater: page.has_more,
  }
}

/** Lines that have just been written; a window that ends before them stays where it is. */
export function withLive(window: LogWindow, lines: readonly LogLine[]): LogWindow {
  const items = lines.filter(({ seq }) => seq > window.to)
  const reached = items.at(-1)?.seq
  if (window.hasLater || reached === undefined) return window
  return withLater(window, { items, has_more: false, reached })
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
