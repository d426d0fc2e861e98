import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type Evaluation = components['schemas']['Evaluation']
export type Findings = components['schemas']['Findings']

export const moduleEvaluationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['evaluations', 'module', id],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/modules/{module_id}/evaluations', {
          params: { path: { module_id: id } },
          signal,
        }),
      ),
  })

/** Queue the measuring of a module on the test images of a data set. */
export const evaluateModule = (module: string, dataset: string) =>
  bodyOf(client.POST('/api/v1/evaluate', { body: { model: null, module, dataset } }))
