import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { JobView } from './jobs'
import type { components } from './schema'
import type { SweepPlan, SweepView } from './sweeps'

export type TrainRequest = components['schemas']['TrainRequest']
export type EstimatorsRequest = components['schemas']['EstimatorsRequest']
export type TrainPlan = components['schemas']['TrainPlanView']

/** What one training would be; every fault of the request at once where it cannot be. */
export const trainPlanQuery = (request: TrainRequest) =>
  queryOptions({
    queryKey: ['train plan', request],
    queryFn: ({ signal }) =>
      bodyOf(
        client.POST('/api/v1/train', {
          params: { query: { dry_run: true } },
          body: request,
          signal,
        }),
      ) as Promise<TrainPlan>,
  })

/** The same of a group. */
export const estimatorsPlanQuery = (request: EstimatorsRequest) =>
  queryOptions({
    queryKey: ['estimators plan', request],
    queryFn: ({ signal }) =>
      bodyOf(
        client.POST('/api/v1/estimators', {
          params: { query: { dry_run: true } },
          body: request,
          signal,
        }),
      ) as Promise<SweepPlan>,
  })

const headers = (idempotencyKey: string) => ({ 'Idempotency-Key': idempotencyKey })

/** Queue one training; the key keeps a request that is sent twice from being done twice. */
export const train = (request: TrainRequest, idempotencyKey: string) =>
  bodyOf(
    client.POST('/api/v1/train', { body: request, headers: headers(idempotencyKey) }),
  ) as Promise<JobView>

/** Queue a group of trainings. */
export const trainEstimators = (request: EstimatorsRequest, idempotencyKey: string) =>
  bodyOf(
    client.POST('/api/v1/estimators', { body: request, headers: headers(idempotencyKey) }),
  ) as Promise<SweepView>
