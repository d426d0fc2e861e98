import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type ModelView = components['schemas']['ModelView']
/** A model as queries hold it, which know arrays and no tuples. */
export type Model = Omit<ModelView, 'input_shape'> & { input_shape: readonly number[] }

export const modelsQuery = () =>
  queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/models', { signal })),
  })

export const modelQuery = (name: string) =>
  queryOptions({
    queryKey: ['model', name],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/models/{name}', { params: { path: { name } }, signal })),
  })
