/** The points of a small curve of ratios (0-1) as an SVG polyline in a box of the given size. */
export function sparkline(
  curve: readonly (readonly [step: number, ratio: number])[],
  { width, height, last }: { width: number; height: number; last: number },
): string {
  const first = curve[0]?.[0] ?? 0
  const span = Math.max(1, last - first)
  return curve
    .map(([step, ratio]) => {
      const x = ((step - first) / span) * width
      const y = (1 - Math.min(1, Math.max(0, ratio))) * height
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
