export interface Dot {
  x: number
  y: number
}

/**
 * The points that no other one beats: less x and more y are better. They come in the order of x,
 * and y grows along them.
 */
export function paretoFront<Each extends Dot>(dots: readonly Each[]): Each[] {
  const byX = [...dots].sort((a, b) => a.x - b.x || b.y - a.y)
  let best = Number.NEGATIVE_INFINITY
  return byX.filter(({ y }) => {
    const isBetter = y > best
    if (isBetter) best = y
    return isBetter
  })
}
