import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type ReuseRequest = components['schemas']['AnyReuseRequest']
export type ReuseMethod = ReuseRequest['method']
export type PoolModule = components['schemas']['PoolModuleView']
export type ReuseResult = components['schemas']['AnyReuseResult']
export type MoreAccurateResult = components['schemas']['MoreAccurateResult']
export type NewTaskResult = components['schemas']['NewTaskResult']
export type EveryPairResult = components['schemas']['EveryPairResult']
export type PatchResult = components['schemas']['PatchResult']
export type RatedModule = components['schemas']['RatedModule']
export type Rule = components['schemas']['MoreAccurateRequest']['rule']

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
