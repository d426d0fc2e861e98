import { computed, ref, shallowRef, type Ref } from 'vue'
import type { ModuleGraph } from '@/api/modules'
import { drawnGraph, isLarge, matching, type DrawnGraph, type DrawnNode } from './graph'

const ZOOM_STEP = 1.25
const LEAST_ZOOM = 0.3
const GREATEST_ZOOM = 2.5

/** The graphs of a module and its original, and where a reader is in them. */
export interface Graphs {
  original: DrawnGraph
  module: DrawnGraph
}

/** `isCutOut` tells whether layers that the module lacks were cut out of the original. */
export function useGraph(data: Readonly<Ref<ModuleGraph | undefined>>, isCutOut: () => boolean) {
  const opened = shallowRef<ReadonlySet<string>>(new Set())
  const chosen = ref('')
  const wanted = ref('')
  const zoom = ref(1)

  const graphs = computed(
    (): Graphs | undefined =>
      data.value && {
        original: drawnGraph(data.value.original, opened.value),
        module: drawnGraph(data.value.module, opened.value),
      },
  )
  const missing = computed(() => {
    if (!isCutOut()) return new Set<string>()
    const kept = new Set(graphs.value?.module.nodes.map(({ key }) => key))
    return new Set(
      graphs.value?.original.nodes
        .filter(({ key, parameters }) => parameters > 0 && !kept.has(key))
        .map(({ key }) => key),
    )
  })
  const found = computed(() => [
    ...new Set(
      [graphs.value?.original, graphs.value?.module].flatMap((graph) =>
        graph ? matching(graph, wanted.value).map(({ key }) => key) : [],
      ),
    ),
  ])
  const canCollapse = computed(
    () => opened.value.size > 0 && data.value !== undefined && isLarge(data.value.original),
  )

  /** Show the details of a box; a stage opens. */
  function choose({ key, size }: DrawnNode) {
    if (size > 1) opened.value = new Set([...opened.value, key])
    chosen.value = key
  }

  function chooseNextFound() {
    const at = found.value.indexOf(chosen.value)
    chosen.value = found.value[(at + 1) % found.value.length] ?? chosen.value
  }

  function zoomBy(steps: number) {
    const wished = zoom.value * ZOOM_STEP ** steps
    zoom.value = Math.min(GREATEST_ZOOM, Math.max(LEAST_ZOOM, wished))
  }

  function collapse() {
    opened.value = new Set()
  }

  return {
    graphs,
    chosen,
    wanted,
    found,
    missing,
    zoom,
    canCollapse,
    choose,
    chooseNextFound,
    zoomBy,
    collapse,
  }
}
