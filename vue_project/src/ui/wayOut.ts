import { ApiError } from '@/api/problem'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What can be done about an error; `query` is an address without what was wrong in it. */
export type WayOut =
  | { kind: 'retry' }
  | { kind: 'firstPage' | 'clear'; query: LocationQueryRaw }
  | { kind: 'seeAll' }
  | { kind: 'none' }

const PASSING = [408, 425, 429]

/** Trying again helps only against what passes; what the server refused stays refused. */
export function wayOut(error: Error, query: LocationQuery): WayOut {
  if (!(error instanceof ApiError)) return { kind: 'retry' }
  const { status, faults } = error
  if (error.isOffline || status >= 500 || PASSING.includes(status)) return { kind: 'retry' }
  if (status === 404) return { kind: 'seeAll' }
  const places = faults.map(({ pointer }) => pointer.split('/')[1] ?? '')
  const wrong = places.filter((name) => name in query)
  if (wrong.length === 0) return { kind: 'none' }
  const kept = Object.entries(query).filter(([name]) => name !== 'cursor' && !wrong.includes(name))
  const kind = wrong.every((name) => name === 'cursor') ? 'firstPage' : 'clear'
  return { kind, query: Object.fromEntries(kept) }
}
