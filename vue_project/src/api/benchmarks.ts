import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'
import type { Work } from './submissions'

export type BenchmarkRow = components['schemas']['BenchmarkRowView']
export type NextStep = components['schemas']['NextStepView']
export type RunnableKind = Exclude<NextStep['kind'], 'get-data' | 'get-model'>

const kinds = {
  train: 'train',
  estimators: 'estimators',
  sweep: 'sweeps',
  reuse: 'reuse',
} as const

export const benchmarksQuery = () =>
  queryOptions({
    queryKey: ['benchmarks'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/benchmarks', { signal })),
  })

export function isRunnable(kind: NextStep['kind']): kind is RunnableKind {
  return kind in kinds
}

/** A step as work to be asked for; the server made the request and says what it is. */
export function workOf(kind: RunnableKind, request: object): Work {
  return { kind: kinds[kind], request } as Work
}
