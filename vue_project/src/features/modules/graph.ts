import type { ModuleGraph } from '@/api/modules'

export type Network = ModuleGraph['module']
export type Layer = Network['nodes'][number]

/** Above so many layers, those of a stage are drawn as one until it is opened. */
export const LARGE = 200
const MAX_STAGES = 60

/** What is drawn as one box: a layer, or a stage of several. */
export interface DrawnNode {
  /** The same in the graphs of a module and its original where the layers correspond. */
  key: string
  title: string
  /** How many layers it stands for. */
  size: number
  shape: readonly number[]
  parameters: number
  macs: number
  /** Weights that a mask can drop, and those kept; absent where there are none. */
  weights: { kept: number; total: number } | undefined
}

export interface DrawnEdge {
  source: number
  target: number
}

export interface DrawnGraph {
  nodes: readonly DrawnNode[]
  edges: readonly DrawnEdge[]
}

/** Whether a network is drawn by stages. */
export function isLarge({ nodes }: Network): boolean {
  return nodes.length > LARGE
}

/** Describe the boxes of a network; stages that are not opened are one box each. */
export function drawnGraph(network: Network, opened: ReadonlySet<string>): DrawnGraph {
  const keys = layerKeys(network.nodes)
  const stages = isLarge(network) ? stagesOf(network.nodes) : keys
  const nodes: DrawnNode[] = []
  const boxOf: number[] = []
  let last: string | undefined
  network.nodes.forEach((layer, at) => {
    const stage = stages[at] ?? ''
    const isOpen = stage === keys[at] || opened.has(stage)
    const key = isOpen ? (keys[at] ?? '') : stage
    const box = nodes.at(-1)
    if (!isOpen && key === last && box) {
      nodes[nodes.length - 1] = joined(box, layer)
    } else {
      nodes.push(boxed(layer, { key, title: isOpen ? titleOf(layer) : titleOfStage(stage) }))
    }
    last = isOpen ? undefined : key
    boxOf.push(nodes.length - 1)
  })
  return { nodes, edges: edgesBetween(network.edges, boxOf) }
}

/** The share of weights kept, 0-1; undefined where nothing can be masked. */
export function keptRatio({ weights }: DrawnNode): number | undefined {
  return weights && weights.kept / weights.total
}

/** The boxes whose name holds what is looked for, in the order of the network. */
export function matching({ nodes }: DrawnGraph, wanted: string): DrawnNode[] {
  const text = wanted.trim().toLowerCase()
  return text ? nodes.filter(({ title }) => title.toLowerCase().includes(text)) : []
}

/**
 * Name every layer by itself: by its own name, or by how far it comes after one that has a name.
 */
function layerKeys(layers: readonly Layer[]): string[] {
  const taken = new Set<string>()
  let named = ''
  let after = 0
  return layers.map(({ name }) => {
    if (name !== null && !taken.has(name)) {
      taken.add(name)
      named = name
      after = 0
      return name
    }
    after += 1
    return `${named}+${String(after)}`
  })
}

/**
 * Put layers that follow each other into stages by the beginning of their names, as finely as still
 * makes a picture. What follows each other is one piece of the order the network runs in, so stages
 * make no circles.
 */
function stagesOf(layers: readonly Layer[]): string[] {
  let name = ''
  const names = layers.map((layer) => (name = layer.name ?? name))
  const depths = Math.max(...names.map((each) => each.split('.').length))
  let best = runs(names, 1)
  for (let depth = 2; depth <= depths; depth += 1) {
    const finer = runs(names, depth)
    if (new Set(finer).size > MAX_STAGES) break
    best = finer
  }
  return best
}

/** Each layer's stage: the first parts of its name, and a number that tells equal ones apart. */
function runs(names: readonly string[], depth: number): string[] {
  const stages = names.map((name) => name.split('.').slice(0, depth).join('.'))
  const times = new Map<string, number>()
  return stages.map((stage, at) => {
    if (stage !== stages[at - 1]) times.set(stage, (times.get(stage) ?? 0) + 1)
    return `${stage}#${String(times.get(stage))}`
  })
}

function titleOf({ name, kind }: Layer): string {
  return name ?? kind
}

function titleOfStage(stage: string): string {
  return stage.replace(/#\d+$/, '')
}

function boxed(layer: Layer, { key, title }: { key: string; title: string }): DrawnNode {
  return {
    key,
    title,
    size: 1,
    shape: layer.shape,
    parameters: layer.parameters,
    macs: layer.macs,
    weights: weightsOf(layer),
  }
}

function joined(box: DrawnNode, layer: Layer): DrawnNode {
  const more = weightsOf(layer)
  return {
    ...box,
    size: box.size + 1,
    shape: layer.shape,
    parameters: box.parameters + layer.parameters,
    macs: box.macs + layer.macs,
    weights:
      box.weights && more
        ? { kept: box.weights.kept + more.kept, total: box.weights.total + more.total }
        : (box.weights ?? more),
  }
}

function weightsOf({ weights_kept, weights_total }: Layer): DrawnNode['weights'] {
  return weights_kept === null || weights_total === null
    ? undefined
    : { kept: weights_kept, total: weights_total }
}

function edgesBetween(edges: Network['edges'], boxOf: readonly number[]): DrawnEdge[] {
  const drawn = new Map<string, DrawnEdge>()
  for (const edge of edges) {
    const source = boxOf[edge.source] ?? 0
    const target = boxOf[edge.target] ?? 0
    if (source !== target) drawn.set(`${String(source)} ${String(target)}`, { source, target })
  }
  return [...drawn.values()]
}
