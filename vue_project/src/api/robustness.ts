import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { JobView } from './jobs'
import type { components } from './schema'

export type Robustness = components['schemas']['Robustness']
export type Report = Robustness['report']
export type AttackKind = Report['attack']
export type Example = components['schemas']['Example']
export type AttackRequest = components['schemas']['AnyAttackRequest']

export const robustnessQuery = (moduleId: string) =>
  queryOptions({
    queryKey: ['robustness', moduleId],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/modules/{module_id}/robustness', {
          params: { path: { module_id: moduleId } },
          signal,
        }),
      ),
  })

/** Queue an attack with the usual settings. */
export const attackModule = (moduleId: string, attack: AttackKind) =>
  bodyOf(
    client.POST('/api/v1/modules/{module_id}/robustness', {
      params: { path: { module_id: moduleId } },
      body: { attack } as AttackRequest, // the server fills in the settings
    }),
  ) as Promise<JobView>
