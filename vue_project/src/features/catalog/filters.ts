import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { CardSearch } from '@/api/cards'

/** Groups a reader can tick; the order in which they are shown. */
export const facetNames = ['ready', 'dataset', 'model', 'algorithm', 'kind'] as const
export type FacetName = (typeof facetNames)[number]

export const sorts = ['relevance', 'newest', 'accuracy', 'retained_ratio', 'name'] as const
export type Sort = (typeof sorts)[number]

/** What the catalogue shows, as it stands in the address. */
export interface Filters {
  q: string
  ticked: Record<FacetName, string[]>
  minAccuracy: string
  maxRetainedRatio: string
  sort: Sort
  cursor: string
}

function textsOf(query: LocationQuery, name: string): string[] {
  return [query[name] ?? []].flat().filter((text) => text !== null && text !== '') as string[]
}

export function readFilters(query: LocationQuery): Filters {
  const textOf = (name: string) => textsOf(query, name)[0] ?? ''
  const ticked = facetNames.map((name) => [name, textsOf(query, name)])
  return {
    q: textOf('q'),
    ticked: Object.fromEntries(ticked) as Filters['ticked'],
    minAccuracy: textOf('min_accuracy'),
    maxRetainedRatio: textOf('max_retained_ratio'),
    sort: sorts.find((sort) => sort === textOf('sort')) ?? 'relevance',
    cursor: textOf('cursor'),
  }
}

/** The address of these filters; whatever is at its default stays out of it. */
export function writeFilters(filters: Filters): LocationQueryRaw {
  const { q, ticked, minAccuracy, maxRetainedRatio, sort, cursor } = filters
  const all: [string, string | string[]][] = [
    ['q', q],
    ...Object.entries(ticked),
    ['min_accuracy', minAccuracy],
    ['max_retained_ratio', maxRetainedRatio],
    ['sort', sort === 'relevance' ? '' : sort],
    ['cursor', cursor],
  ]
  return Object.fromEntries(all.filter(([, value]) => value.length > 0))
}

/** Tick or untick one value; any change of filter begins again at the first page. */
export function toggleFacet(filters: Filters, name: FacetName, value: string): Filters {
  const before = filters.ticked[name]
  const after = before.includes(value) ? before.filter((v) => v !== value) : [...before, value]
  return { ...filters, cursor: '', ticked: { ...filters.ticked, [name]: after } }
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(writeFilters({ ...filters, sort: 'relevance', cursor: '' })).length > 0
}

/** The same in the server's words; both "ready" values ticked ask for everything. */
export function toSearch(filters: Filters): CardSearch {
  const { ready, ...facets } = filters.ticked
  const search = { ...facets, q: filters.q, sort: filters.sort, cursor: filters.cursor }
  const given = Object.entries({
    ...search,
    ready: ready.length === 1 ? ready[0] : undefined,
    min_accuracy: filters.minAccuracy,
    max_retained_ratio: filters.maxRetainedRatio,
  }).filter(([, value]) => value !== undefined && value.length > 0)
  return Object.fromEntries(given) as CardSearch
}
