const STEPS_OF_WHOLE = [5, 10, 20, 50, 100, 200] as const
const MOST_STEPS = 5
/** Added before rounding down: 0.3 x 10 is a little less than 3. */
const SLACK = 1e-9

/**
 * Tell the chart library about an axis of shares (0-1), which never goes beyond all of them.
 *
 * Its ends lie around the values, on a step that divides the whole, so that 100 % is a mark.
 */
export function shareAxis(shares: readonly number[]): {
  min: number
  max: number
  interval: number
} {
  if (shares.length === 0) return { min: 0, max: 1, interval: 0.2 }
  const least = Math.max(0, Math.min(1, ...shares))
  const most = Math.min(1, Math.max(0, ...shares))
  const marks = STEPS_OF_WHOLE.map((parts) => {
    const low = Math.floor(least * parts + SLACK)
    const high = Math.ceil(most * parts - SLACK)
    return high > low ? { low, high, parts } : { low: Math.max(0, low - 1), high: low || 1, parts }
  }).filter(({ low, high }) => high - low <= MOST_STEPS)
  const { low, high, parts } = marks.at(-1) ?? { low: 0, high: 5, parts: 5 }
  return { min: low / parts, max: high / parts, interval: 1 / parts }
}
