import type { RouteLocationRaw } from 'vue-router'

/** One figure of a heat table; absent figures have no value. */
export interface HeatCell {
  value: number | null
  text: string
  /** A page about it. */
  to?: RouteLocationRaw
  isMarked?: boolean
}

export interface HeatRow {
  name: string
  /** One entry a column; undefined leaves the cell empty. */
  cells: readonly (HeatCell | undefined)[]
}

/** Where a value lies between the least and the greatest of all, 0-1; 1 where all are equal. */
export function shadeOf(rows: readonly HeatRow[]): (value: number | null) => number {
  const values = rows
    .flatMap(({ cells }) => cells.map((cell) => cell?.value ?? null))
    .filter((value) => value !== null)
  const least = Math.min(...values)
  const range = Math.max(...values) - least
  return (value) => (value === null ? 0 : range === 0 ? 1 : (value - least) / range)
}
