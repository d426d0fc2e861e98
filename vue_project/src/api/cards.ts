import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components, paths } from './schema'

export type CardView = components['schemas']['CardView']
export type CardPage = components['schemas']['CardPage']
export type CardSearch = NonNullable<paths['/api/v1/cards']['get']['parameters']['query']>

/** One page of the catalogue; the page before stays on screen until it is here. */
export const cardPageQuery = (search: CardSearch) =>
  queryOptions({
    queryKey: ['cards', search],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/cards', { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  })

/** Training images of a class side by side. */
export function classStripUrl(dataset: string, className: string, count: number): string {
  const [set, name] = [dataset, className].map(encodeURIComponent)
  return `/api/v1/datasets/${set ?? ''}/classes/${name ?? ''}/samples?count=${String(count)}`
}
