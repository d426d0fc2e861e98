import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import { toFormData } from './form'
import type { components } from './schema'

export type ModuleView = components['schemas']['ModuleView']
export type Manifest = components['schemas']['Manifest']
export type ModuleLayer = components['schemas']['ManifestLayer']

export const modulePageQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['modules', cursor ?? ''],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/modules', { params: { query: cursor ? { cursor } : {} }, signal }),
      ),
    placeholderData: keepPreviousData,
  })

const module = (id: string) => ({ params: { path: { module_id: id } } })

export const moduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['module', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/modules/{module_id}', { ...module(id), signal })),
  })

/** The other modules of the same model for the same target. */
export const siblingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['modules', 'siblings', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/modules/{module_id}/siblings', { ...module(id), signal })),
  })

/** Modules for the same target, and others of the same model. */
export const similarQuery = (id: string) =>
  queryOptions({
    queryKey: ['modules', 'similar', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/modules/{module_id}/similar', { ...module(id), signal })),
  })

export const deleteModule = (id: string) =>
  bodyOf(client.DELETE('/api/v1/modules/{module_id}', module(id)))

/** All files of a module in one. */
export function moduleZipUrl(id: string): string {
  return `/api/v1/modules/${encodeURIComponent(id)}/download?format=zip`
}

export type ModuleGraph = components['schemas']['ModuleGraphView']

/** The networks of a module and of its original, layer by layer. */
export const moduleGraphQuery = (id: string) =>
  queryOptions({
    queryKey: ['module', id, 'graph'],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/modules/{module_id}/graph', { ...module(id), signal })),
    retry: false,
  })

/** What refers to a module, to be known before it is deleted. */
export const moduleUsesQuery = (id: string) =>
  queryOptions({
    queryKey: ['module', id, 'uses'],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/modules/{module_id}/uses', { ...module(id), signal })),
    staleTime: 0,
  })

const README_BYTES = 2 ** 16

/** The card that lies in a module's bundle, as far as somebody would read it. */
export const moduleReadmeQuery = (id: string) =>
  queryOptions({
    queryKey: ['module', id, 'readme'],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/modules/{module_id}/download', {
          params: { ...module(id).params, query: { format: 'readme' } },
          headers: { Range: `bytes=0-${String(README_BYTES - 1)}` },
          parseAs: 'text',
          signal,
        }),
      ),
  })

type NewModule = components['schemas']['NewModule']

/** Take in a module that was uploaded. */
export const addModule = (upload: string) =>
  bodyOf(
    client.POST('/api/v1/modules', {
      body: { upload } as NewModule,
      bodySerializer: toFormData,
    }),
  )

/** Compare every file of a module with the hash it was made with. */
export const verifyModule = (id: string) =>
  bodyOf(client.GET('/api/v1/modules/{module_id}/verification', module(id)))
