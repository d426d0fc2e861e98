import type { DrawnGraph } from './graph'

export interface Point {
  x: number
  y: number
}

export interface Box extends Point {
  width: number
  height: number
}

/** Where the boxes and edges of a graph are, in the graph's order. */
export interface PlacedGraph {
  width: number
  height: number
  boxes: readonly Box[]
  lines: readonly (readonly Point[])[]
}

/** The box that an arrow key leads to: along the edges, or beside; undefined where there is none. */
export function neighbour(
  { nodes, edges }: DrawnGraph,
  { boxes }: PlacedGraph,
  { at, key }: { at: number; key: string },
): number | undefined {
  const here = boxes[at]
  const away = (other: number) => Math.abs((boxes[other]?.x ?? 0) - (here?.x ?? 0))
  const nearest = (found: number[]) => found.sort((a, b) => away(a) - away(b))[0]
  const beside = (isWanted: (box: Box) => boolean) =>
    nearest(
      boxes.flatMap((box, other) => (here && isSameRow(box, here) && isWanted(box) ? [other] : [])),
    )
  switch (key) {
    case 'ArrowDown':
      return nearest(edges.flatMap(({ source, target }) => (source === at ? [target] : [])))
    case 'ArrowUp':
      return nearest(edges.flatMap(({ source, target }) => (target === at ? [source] : [])))
    case 'ArrowLeft':
      return beside(({ x }) => here !== undefined && x < here.x)
    case 'ArrowRight':
      return beside(({ x }) => here !== undefined && x > here.x)
    case 'Home':
      return 0
    case 'End':
      return nodes.length - 1
    default:
      return undefined
  }
}

function isSameRow(one: Box, other: Box): boolean {
  return one.y < other.y + other.height && other.y < one.y + one.height
}

/** An SVG path through points. */
export function pathThrough(points: readonly Point[]): string {
  return points.map(({ x, y }, at) => `${at ? 'L' : 'M'}${String(x)} ${String(y)}`).join(' ')
}
