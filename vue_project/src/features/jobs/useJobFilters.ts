import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { kinds, states } from './jobState'

const names = ['state', 'kind', 'model', 'q'] as const
type Name = (typeof names)[number]

/** Which jobs are listed; it lives in the address, so that it can be shared. */
export function useJobFilters() {
  const route = useRoute()
  const text = (name: string) => {
    const given = route.query[name]
    return typeof given === 'string' ? given : ''
  }
  const filters = computed(() => ({
    state: states.find((state) => state === text('state')) ?? ('' as const),
    kind: kinds.find((kind) => kind === text('kind')) ?? ('' as const),
    model: text('model'),
    q: text('q'),
  }))
  const cursor = computed(() => text('cursor'))
  const search = computed(() => {
    const { state, kind, model, q } = filters.value
    return {
      ...(state && { state }),
      ...(kind && { kind }),
      ...(model && { model }),
      ...(q && { q }),
      ...(cursor.value && { cursor: cursor.value }),
    }
  })
  const isFiltered = computed(() => names.some((name) => filters.value[name] !== ''))

  /** The address of the same list with a change; it begins with the first page. */
  function queryOf(change: Partial<Record<Name | 'cursor', string>>) {
    const query = Object.entries({ ...filters.value, ...change })
    return { query: Object.fromEntries(query.filter(([, value]) => value)) }
  }

  return { filters, cursor, search, isFiltered, queryOf }
}
