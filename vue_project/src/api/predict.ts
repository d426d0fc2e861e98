import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import { ApiError } from './problem'
import type { components } from './schema'

export type Prediction = components['schemas']['PredictionView']
export type Answer = components['schemas']['NetworkAnswerView']
export type KeptNetwork = components['schemas']['NetworkView']
export type Sample = components['schemas']['SampleView']
export type RunnableFormat = 'onnx' | 'int8'

const HTTP_GONE = 410

/** What a module and the network that it was cut from say of a picture, computed on the server. */
export const predictByModule = (
  id: string,
  picture: { name: string; content: Blob },
  format: RunnableFormat,
) =>
  bodyOf(
    client.POST('/api/v1/modules/{module_id}/predict', {
      params: { path: { module_id: id }, query: { format } },
      body: { file: picture.name },
      bodySerializer: () => {
        const form = new FormData()
        form.append('file', picture.content, picture.name)
        return form
      },
    }),
  )

/** A whole network that is kept as a file; null if it is not. */
export const networkQuery = (key: string) =>
  queryOptions({
    queryKey: ['network', key],
    queryFn: async ({ signal }) => {
      const found = client.GET('/api/v1/networks/{key}', { params: { path: { key } }, signal })
      return await bodyOf(found).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === HTTP_GONE) return null
        throw error
      })
    },
  })

/** Have a model's network written as a file; takes some seconds the first time. */
export const writeNetwork = (model: string) =>
  bodyOf(client.POST('/api/v1/models/{name}/network', { params: { path: { name: model } } }))

/** Some test images of a data set, of each class in turn. */
export const samplesQuery = (dataset: string, classes: readonly string[], seed: number) =>
  queryOptions({
    queryKey: ['test images', dataset, classes, seed],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/datasets/{name}/test-images', {
          params: {
            path: { name: dataset },
            query: { class: [...classes], limit: classes.length ? 6 : 12, seed },
          },
          signal,
        }),
      ),
    staleTime: Infinity,
  })

/** One file of a module, to be run in the page. */
export function moduleFileUrl(id: string, format: RunnableFormat): string {
  return `/api/v1/modules/${encodeURIComponent(id)}/download?format=${format}`
}
