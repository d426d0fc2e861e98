import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'
import type { Work } from './submissions'

export type Evaluation = components['schemas']['Evaluation']
export type Findings = components['schemas']['Findings']

/** What is measured: a model by its name, or a module by its id. */
export type Subject = Pick<Evaluation, 'kind' | 'subject'>

export const evaluationsQuery = ({ kind, subject }: Subject) =>
  queryOptions({
    queryKey: ['evaluations', kind, subject],
    queryFn: ({ signal }) =>
      kind === 'module'
        ? bodyOf(
            client.GET('/api/v1/modules/{module_id}/evaluations', {
              params: { path: { module_id: subject } },
              signal,
            }),
          )
        : bodyOf(
            client.GET('/api/v1/models/{name}/evaluations', {
              params: { path: { name: subject } },
              signal,
            }),
          ),
  })

/** Measuring a model or module on the test images of a data set, as work to be asked for. */
export const evaluationWork = ({ kind, subject }: Subject, dataset: string): Work => ({
  kind: 'evaluate',
  request: { model: null, module: null, [kind]: subject, dataset },
})
