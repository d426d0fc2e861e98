import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import type { ModuleGraph } from '@/api/modules'
import { useGraph } from './useGraph'

const layer = (name: string) => ({
  name,
  kind: 'Conv',
  shape: [4, 8, 8],
  parameters: 10,
  macs: 100,
  weights_total: 10,
  weights_kept: 5,
})
const data = shallowRef<ModuleGraph>({
  original: { nodes: [layer('stem'), layer('side'), layer('last')], edges: [] },
  module: { nodes: [layer('stem'), layer('last')], edges: [] },
})

describe('layers that the module lacks', () => {
  it('were cut out of its original', () => {
    expect([...useGraph(data, () => true).missing.value]).toEqual(['side'])
  })

  it('are none where it was not cut out of what stands beside it', () => {
    expect(useGraph(data, () => false).missing.value.size).toBe(0)
  })
})

it('goes from one layer that was found to the next, and round', () => {
  const { wanted, chosen, chooseNextFound } = useGraph(data, () => true)
  wanted.value = 's'

  chooseNextFound() // stem
  chooseNextFound() // side
  chooseNextFound() // last
  chooseNextFound()

  expect(chosen.value).toBe('stem')
})
