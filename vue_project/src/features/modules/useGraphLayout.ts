import { onScopeDispose, readonly, shallowRef, watch, type Ref } from 'vue'
import type { DrawnGraph } from './graph'
import type { PlacedGraph } from './placed'

/**
 * Where the boxes of a graph are, computed anew when it changes. The library that places them is
 * large and fetched only here.
 */
export function useGraphLayout(graph: Readonly<Ref<DrawnGraph>>) {
  const placed = shallowRef<{ graph: DrawnGraph; layout: PlacedGraph }>()
  const error = shallowRef<Error | null>(null)
  let isGone = false

  async function place(wanted: DrawnGraph) {
    try {
      const { layOut } = await import('./layout')
      const layout = await layOut(wanted)
      if (!isGone && wanted === graph.value) placed.value = { graph: wanted, layout }
    } catch (failure) {
      error.value = failure instanceof Error ? failure : new Error(String(failure))
    }
  }

  watch(graph, place, { immediate: true })
  onScopeDispose(() => {
    isGone = true
  })
  return { placed: readonly(placed), error: readonly(error) }
}
