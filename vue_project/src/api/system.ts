import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type SystemView = components['schemas']['SystemView']
export type FolderView = components['schemas']['FolderView']

export const systemQuery = () =>
  queryOptions({
    queryKey: ['system'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/system', { signal })),
  })

export const cleanUp = (name: string) =>
  bodyOf(client.DELETE('/api/v1/system/folders/{name}', { params: { path: { name } } }))

/** The libraries that the server runs on. */
export const licensesQuery = () =>
  queryOptions({
    queryKey: ['system', 'licenses'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/system/licenses', { signal })),
    staleTime: Infinity,
  })
