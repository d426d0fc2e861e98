import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import { toFormData } from './form'
import type { components } from './schema'

export type DatasetView = components['schemas']['DatasetView']
type PreviewView = components['schemas']['DatasetPreviewView']
/** A preview as queries hold it, which know arrays and no tuples. */
export type DatasetPreview = Omit<PreviewView, 'input_shape'> & { input_shape: readonly number[] }
type Form = components['schemas']['NewDataset']
/** What is left out keeps its default. */
export type NewDataset = Pick<Form, 'upload' | 'name'> & Partial<Form>

export const datasetsQuery = () =>
  queryOptions({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/datasets', { signal })),
  })

/** What an upload would become as a data set. */
export const datasetPreviewQuery = (upload: string, size?: number) =>
  queryOptions({
    queryKey: ['upload', upload, 'dataset', size ?? null],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/uploads/{upload_id}/dataset', {
          params: { path: { upload_id: upload }, query: size === undefined ? {} : { size } },
          signal,
        }),
      ),
    retry: false,
    staleTime: Infinity,
  })

export const addDataset = (body: NewDataset) =>
  bodyOf(client.POST('/api/v1/datasets', { body: body as Form, bodySerializer: toFormData }))

export const deleteDataset = (name: string) =>
  bodyOf(client.DELETE('/api/v1/datasets/{name}', { params: { path: { name } } }))

const STRIP_LENGTH = 5

/** A few test images, of each class in turn. */
export const datasetSamplesQuery = (name: string) =>
  queryOptions({
    queryKey: ['datasets', name, 'strip'],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/datasets/{name}/test-images', {
          params: { path: { name }, query: { limit: STRIP_LENGTH } },
          signal,
        }),
      ),
    staleTime: Infinity,
  })
