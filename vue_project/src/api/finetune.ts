import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'
import type { SweepPlan, SweepView } from './sweeps'

export type FinetuningsRequest = components['schemas']['FinetuningsRequest']
export type How = FinetuningsRequest['how'][number]
export type FinetuneResult = components['schemas']['FinetuneResult']
export type FinetuneTable = components['schemas']['FinetuneTableView']
export type FinetuneSummary = components['schemas']['FinetuneSummaryView']

/** What would be done; every fault of every fine-tuning at once where it cannot be. */
export const finetuningsPlanQuery = (request: FinetuningsRequest) =>
  queryOptions({
    queryKey: ['finetunings plan', request],
    queryFn: ({ signal }) =>
      bodyOf(
        client.POST('/api/v1/finetunings', {
          params: { query: { dry_run: true } },
          body: request,
          signal,
        }),
      ) as Promise<SweepPlan>,
  })

/** Queue the jobs; the key keeps a request that is sent twice from being done twice. */
export const submitFinetunings = (request: FinetuningsRequest, idempotencyKey: string) =>
  bodyOf(
    client.POST('/api/v1/finetunings', {
      body: request,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  ) as Promise<SweepView>
