import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { DrawnGraph, DrawnNode } from './graph'
import type { PlacedGraph, Point } from './placed'

const BOX_WIDTH = 196
const LAYER_HEIGHT = 46
const STEP_HEIGHT = 26

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.spacing.nodeNode': '24',
  'elk.layered.spacing.nodeNodeBetweenLayers': '22',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.edgeRouting': 'ORTHOGONAL',
}

let engine: InstanceType<typeof ELK> | undefined

/** Place the boxes of a graph from top to bottom; computed beside the page, in a worker. */
export async function layOut(graph: DrawnGraph): Promise<PlacedGraph> {
  engine ??= new ELK({ workerFactory: () => new Worker(workerUrl) })
  const network: ElkNode = {
    id: 'network',
    layoutOptions: OPTIONS,
    children: graph.nodes.map((node, at) => ({
      id: String(at),
      width: BOX_WIDTH,
      height: heightOf(node),
    })),
    edges: graph.edges.map(({ source, target }, at) => ({
      id: `edge ${String(at)}`,
      sources: [String(source)],
      targets: [String(target)],
    })),
  }
  const placed = await engine.layout(network)
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    boxes: (placed.children ?? []).map(({ x = 0, y = 0, width = 0, height = 0 }) => ({
      x,
      y,
      width,
      height,
    })),
    lines: (placed.edges ?? []).map(({ sections = [] }) =>
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }): Point[] => [
        startPoint,
        ...bendPoints,
        endPoint,
      ]),
    ),
  }
}

/** What holds numbers has a second line for them. */
function heightOf({ parameters }: DrawnNode): number {
  return parameters > 0 ? LAYER_HEIGHT : STEP_HEIGHT
}
