import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import { toFormData } from './form'
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

type Form = components['schemas']['NewModel']
/** What is left out keeps its default. */
export type NewModel = Pick<Form, 'upload' | 'name' | 'dataset'> & Partial<Form>

/** The kinds of network whose names or families hold some words. */
export const architecturesQuery = (words: string) =>
  queryOptions({
    queryKey: ['architectures', words],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/architectures', { params: { query: { q: words } }, signal })),
  })

export type WeightsPreview = components['schemas']['WeightsPreviewView']

/** What an upload holds as weights, and which kind of network they fit; any if none is named. */
export const weightsPreviewQuery = (upload: string, architecture: string) =>
  queryOptions({
    queryKey: ['upload', upload, 'model', architecture],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/uploads/{upload_id}/model', {
          params: {
            path: { upload_id: upload },
            query: architecture === '' ? {} : { architecture },
          },
          signal,
        }),
      ),
    retry: false,
    staleTime: Infinity,
  })

export const addModel = (body: NewModel) =>
  bodyOf(client.POST('/api/v1/models', { body: body as Form, bodySerializer: toFormData }))

export const deleteModel = (name: string) =>
  bodyOf(client.DELETE('/api/v1/models/{name}', { params: { path: { name } } }))
