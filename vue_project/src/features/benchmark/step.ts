import type { NextStep, RunnableKind } from '@/api/benchmarks'

export const efforts = ['fast', 'published'] as const
export type Effort = (typeof efforts)[number]

type StepRequest = NonNullable<NextStep['request']>

/** The same request with settings that are fast, or with those of the publication. */
export function withEffort(kind: RunnableKind, request: StepRequest, effort: Effort): StepRequest {
  const isPublished = effort === 'published'
  switch (kind) {
    case 'sweep':
      return { ...request, preset: effort }
    case 'reuse':
      return { ...request, rule: isPublished ? 'published' : 'best' }
    default:
      return { ...request, published: isPublished }
  }
}
