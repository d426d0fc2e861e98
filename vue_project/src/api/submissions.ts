import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { JobView } from './jobs'
import type { components } from './schema'

export type ModularizeRequest = components['schemas']['ModularizeRequest']
export type PlanView = components['schemas']['PlanView']

/** What would be done; every fault of the request at once where it cannot be. */
export const planQuery = (request: ModularizeRequest) =>
  queryOptions({
    queryKey: ['plan', request],
    queryFn: ({ signal }) =>
      bodyOf(
        client.POST('/api/v1/modularize', {
          params: { query: { dry_run: true } },
          body: request,
          signal,
        }),
      ) as Promise<PlanView>,
  })

/** Queue the work; the key keeps a request that is sent twice from being done twice. */
export const modularize = (request: ModularizeRequest, idempotencyKey: string) =>
  bodyOf(
    client.POST('/api/v1/modularize', {
      body: request,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  ) as Promise<JobView>
