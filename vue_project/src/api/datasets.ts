import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type DatasetView = components['schemas']['DatasetView']

export const datasetsQuery = () =>
  queryOptions({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/datasets', { signal })),
  })
