import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type ModelView = components['schemas']['ModelView']

export const modelsQuery = () =>
  queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/models', { signal })),
  })
