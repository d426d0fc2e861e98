import type { ChartLine } from './chart'

/** Means of one way of fine-tuning; what removes no weights has no threshold. */
export interface Way {
  name: string
  /** Share of weights to remove, 0-1. */
  threshold: number | null
}

/**
 * A figure over the share of weights removed, and the other ways as level lines to compare with.
 *
 * Ways without that figure are left out.
 */
export function thresholdCurves<Shown extends Way>(
  ways: readonly Shown[],
  figureOf: (way: Shown) => number | null | undefined,
  marked: number | undefined,
): ChartLine[] {
  const found = ways.flatMap((way) => {
    const y = figureOf(way)
    return y === null || y === undefined ? [] : [{ name: way.name, x: way.threshold, y }]
  })
  const searched = found
    .flatMap(({ name, x, y }) => (x === null ? [] : [{ name, point: [x, y] as const }]))
    .sort((first, second) => first.point[0] - second.point[0])
  const [first] = searched
  const last = searched.at(-1)
  if (!first || !last) return []
  return [
    {
      name: first.name,
      tone: 'module',
      points: searched.map(({ point }) => point),
      hasDots: true,
      marked,
    },
    ...found
      .filter(({ x }) => x === null)
      .map(({ name, y }, at): ChartLine => ({
        name,
        tone: at === 0 ? 'original' : 'second',
        isDashed: true,
        points: [
          [first.point[0], y],
          [last.point[0], y],
        ],
      })),
  ]
}
