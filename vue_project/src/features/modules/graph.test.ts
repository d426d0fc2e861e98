import { describe, expect, it } from 'vitest'
import { drawnGraph, keptRatio, LARGE, matching, type Layer, type Network } from './graph'

const layer = (name: string | null, kept: number | null = null): Layer => ({
  name,
  kind: name ? 'Conv' : 'Relu',
  shape: [4, 8, 8],
  parameters: name ? 10 : 0,
  macs: name ? 100 : 0,
  weights_kept: kept,
  weights_total: kept === null ? null : 10,
})

const chain = (nodes: Layer[]): Network => ({
  nodes,
  edges: nodes.slice(1).map((_, at) => ({ source: at, target: at + 1 })),
})

const none = new Set<string>()

describe('a small network', () => {
  const graph = drawnGraph(chain([layer(null), layer('stem', 5), layer(null), layer('fc')]), none)

  it('is drawn layer by layer, under names that its original has too', () => {
    expect(graph.nodes.map(({ key }) => key)).toEqual(['+1', 'stem', 'stem+1', 'fc'])
    expect(graph.edges).toHaveLength(3)
  })

  it('shows the share kept where there is something to keep', () => {
    expect(graph.nodes.map(keptRatio)).toEqual([undefined, 0.5, undefined, undefined])
  })

  it('finds layers by a part of their name', () => {
    expect(matching(graph, ' STE ').map(({ key }) => key)).toEqual(['stem'])
    expect(matching(graph, ' ')).toEqual([])
  })
})

describe('a network that calls a layer twice', () => {
  it('draws it twice, under different keys', () => {
    const { nodes } = drawnGraph(chain([layer('a'), layer('b'), layer('a')]), none)

    expect(nodes.map(({ key, title }) => [key, title])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['b+1', 'a'],
    ])
  })
})

describe('a large network', () => {
  // 2 blocks of 150 layers: by block there are 2 stages, by layer more than a picture can hold.
  const layers = ['block1', 'block2'].flatMap((block) =>
    Array.from({ length: LARGE - 50 }, (_, at) => layer(`${block}.${String(at)}`, 5)),
  )
  const network = chain(layers)

  it('is drawn by stages, which add up what is in them', () => {
    const graph = drawnGraph(network, none)

    expect(graph.nodes.map(({ title, size }) => [title, size])).toEqual([
      ['block1', 150],
      ['block2', 150],
    ])
    expect(graph.nodes[0]).toMatchObject({ parameters: 1500, weights: { kept: 750, total: 1500 } })
    expect(graph.edges).toEqual([{ source: 0, target: 1 }])
  })

  it('shows the layers of a stage that is opened', () => {
    const graph = drawnGraph(network, new Set(['block2#1']))

    expect(graph.nodes).toHaveLength(151)
    expect(graph.edges[0]).toEqual({ source: 0, target: 1 })
    expect(graph.nodes[1]?.key).toBe('block2.0')
  })
})
