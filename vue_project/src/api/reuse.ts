import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { JobView } from './jobs'
import type { components } from './schema'

export type ReuseRequest = components['schemas']['AnyReuseRequest']
export type ReuseMethod = ReuseRequest['method']
export type ReusePlan = components['schemas']['ReusePlanView']
export type PoolModule = components['schemas']['PoolModuleView']
export type ReuseResult = components['schemas']['AnyReuseResult']
export type MoreAccurateResult = components['schemas']['MoreAccurateResult']
export type NewTaskResult = components['schemas']['NewTaskResult']
export type EveryPairResult = components['schemas']['EveryPairResult']
export type PatchResult = components['schemas']['PatchResult']
export type RatedModule = components['schemas']['RatedModule']
export type Rule = components['schemas']['MoreAccurateRequest']['rule']

/** What would be done, and which module answers for what; every fault at once where it cannot be. */
export const reusePlanQuery = (request: ReuseRequest) =>
  queryOptions({
    queryKey: ['reuse plan', request],
    queryFn: ({ signal }) =>
      bodyOf(
        client.POST('/api/v1/reuse', {
          params: { query: { dry_run: true } },
          body: request,
          signal,
        }),
      ) as Promise<ReusePlan>,
  })

/** Queue the work; the key keeps a request that is sent twice from being done twice. */
export const submitReuse = (request: ReuseRequest, idempotencyKey: string) =>
  bodyOf(
    client.POST('/api/v1/reuse', {
      body: request,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  ) as Promise<JobView>

/** What a job that has succeeded found. */
export const reuseResultQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['reuse result', jobId],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/jobs/{job_id}/reuse', {
          params: { path: { job_id: jobId } },
          signal,
        }),
      ),
    staleTime: Infinity,
  })
