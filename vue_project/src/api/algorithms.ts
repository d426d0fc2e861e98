import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components, paths } from './schema'

export type AlgorithmView = components['schemas']['AlgorithmView']
export type AlgorithmList = components['schemas']['AlgorithmList']
export type AlgorithmSearch = NonNullable<paths['/api/v1/algorithms']['get']['parameters']['query']>

/** The algorithms, with their presets for a model and a kind of target. */
export const algorithmsQuery = (search: AlgorithmSearch) =>
  queryOptions({
    queryKey: ['algorithms', search],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/algorithms', { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  })
