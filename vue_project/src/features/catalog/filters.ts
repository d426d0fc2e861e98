import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { CardSearch } from '@/api/cards'

/** Groups a reader can tick; the order in which they are shown. */
export const facetNames = [
  'ready',
  'dataset',
  'kind',
  'model',
  'family',
  'algorithm',
  'format',
  'license',
] as const
export type FacetName = (typeof facetNames)[number]

/** Measures that a reader can bound; the order in which they are shown. */
export const rangeNames = [
  'accuracy',
  'retained_ratio',
  'parameters',
  'macs',
  'latency_ms',
] as const
export type RangeName = (typeof rangeNames)[number]

export const sorts = [
  'relevance',
  'newest',
  'accuracy',
  'retained_ratio',
  'latency',
  'name',
] as const
export type Sort = (typeof sorts)[number]

/** Both ends of a range, as they stand in the address; an end that is open is empty. */
export interface Ends {
  low: string
  high: string
}

/** What the catalogue shows, as it stands in the address. */
export interface Filters {
  q: string
  ticked: Record<FacetName, string[]>
  ranges: Record<RangeName, Ends>
  sort: Sort
  cursor: string
}

function textsOf(query: LocationQuery, name: string): string[] {
  return [query[name] ?? []].flat().filter((text) => text !== null && text !== '') as string[]
}

export function readFilters(query: LocationQuery): Filters {
  const textOf = (name: string) => textsOf(query, name)[0] ?? ''
  const ticked = facetNames.map((name) => [name, textsOf(query, name)])
  const ranges = rangeNames.map((name) => [
    name,
    { low: textOf(`min_${name}`), high: textOf(`max_${name}`) },
  ])
  return {
    q: textOf('q'),
    ticked: Object.fromEntries(ticked) as Filters['ticked'],
    ranges: Object.fromEntries(ranges) as Filters['ranges'],
    sort: sorts.find((sort) => sort === textOf('sort')) ?? 'relevance',
    cursor: textOf('cursor'),
  }
}

function bounds(filters: Filters): [string, string][] {
  return rangeNames.flatMap((name): [string, string][] => [
    [`min_${name}`, filters.ranges[name].low],
    [`max_${name}`, filters.ranges[name].high],
  ])
}

/** The address of these filters; whatever is at its default stays out of it. */
export function writeFilters(filters: Filters): LocationQueryRaw {
  const { q, ticked, sort, cursor } = filters
  const all: [string, string | string[]][] = [
    ['q', q],
    ...Object.entries(ticked),
    ...bounds(filters),
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

/** Move the ends of one range. */
export function setRange(filters: Filters, name: RangeName, ends: Ends): Filters {
  return { ...filters, cursor: '', ranges: { ...filters.ranges, [name]: ends } }
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(writeFilters({ ...filters, sort: 'relevance', cursor: '' })).length > 0
}

/** The same in the server's words; both "ready" values ticked ask for everything. */
export function toSearch(filters: Filters): CardSearch {
  const { ready, ...facets } = filters.ticked
  const { q, sort, cursor } = filters
  const given = Object.entries({
    ...facets,
    ...Object.fromEntries(bounds(filters)),
    q,
    sort,
    cursor,
    ready: ready.length === 1 ? ready[0] : undefined,
  }).filter(([, value]) => value !== undefined && value.length > 0)
  return Object.fromEntries(given) as CardSearch
}
