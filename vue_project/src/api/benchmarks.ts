import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'
import type { SweepRequest } from './sweeps'

export type BenchmarkRow = components['schemas']['BenchmarkRowView']
export type NextStep = components['schemas']['NextStepView']
export type RunnableKind = Exclude<NextStep['kind'], 'get-data' | 'get-model'>

/** What a plan says that every kind of step has; a single job counts as one. */
export interface StepPlan {
  title: string
  num_jobs?: number
  estimate_s?: number | null
}

const paths = {
  train: '/api/v1/train',
  estimators: '/api/v1/estimators',
  sweep: '/api/v1/sweeps',
  reuse: '/api/v1/reuse',
} as const

export const benchmarksQuery = () =>
  queryOptions({
    queryKey: ['benchmarks'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/benchmarks', { signal })),
  })

export function isRunnable(kind: NextStep['kind']): kind is RunnableKind {
  return kind in paths
}

type StepRequest = NonNullable<NextStep['request']>

/** The server made the request and says where it goes; all four places take it alike. */
function send(kind: RunnableKind, request: StepRequest, options: object) {
  const path = paths[kind] as '/api/v1/sweeps'
  return bodyOf(client.POST(path, { body: request as SweepRequest, ...options }))
}

/** What a step would do; every fault at once where it cannot be done. */
export const stepPlanQuery = (kind: RunnableKind, request: StepRequest) =>
  queryOptions({
    queryKey: ['step plan', kind, request],
    queryFn: ({ signal }) =>
      send(kind, request, { params: { query: { dry_run: true } }, signal }) as Promise<StepPlan>,
  })

/** Take a step; a job or a sweep comes of it. The key keeps it from being taken twice. */
export const takeStep = (kind: RunnableKind, request: StepRequest, idempotencyKey: string) =>
  send(kind, request, { headers: { 'Idempotency-Key': idempotencyKey } }) as Promise<{ id: string }>
