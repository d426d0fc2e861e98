import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components, paths } from './schema'

export type JobView = components['schemas']['JobView']
export type JobState = JobView['state']
export type JobPage = components['schemas']['JobPage']
export type EventView = components['schemas']['EventView']
export type JobSearch = NonNullable<paths['/api/v1/jobs']['get']['parameters']['query']>

const BUSY_MS = 2_000
const IDLE_MS = 15_000
/** Events tell of every change; asking now and then covers a connection that is gone. */
const BACKUP_MS = 5_000

/** Nothing more happens unless somebody asks for it; an interrupted job may resume by itself. */
export function isOver(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

export const jobPageQuery = (search: JobSearch) =>
  queryOptions({
    queryKey: ['jobs', search],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/jobs', { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.items.every((job) => isOver(job.state)) ? IDLE_MS : BUSY_MS,
  })

const job = (id: string) => ({ params: { path: { job_id: id } } })

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/jobs/{job_id}', { ...job(id), signal })),
    refetchInterval: ({ state: { data } }) => (data && isOver(data.state) ? false : BACKUP_MS),
  })

export const cancelJob = (id: string) =>
  bodyOf(client.POST('/api/v1/jobs/{job_id}/cancel', job(id)))

export const retryJob = (id: string) => bodyOf(client.POST('/api/v1/jobs/{job_id}/retry', job(id)))

/** Where a job's events stream from, beginning after one that is known already. */
export function jobEventsUrl(id: string, after: number): string {
  return `/api/v1/jobs/${encodeURIComponent(id)}/events?after=${String(after)}`
}

/** One page of the same events, for where streams do not get through. */
export const fetchJobEvents = (id: string, after: number) =>
  bodyOf(
    client.GET('/api/v1/jobs/{job_id}/events', {
      params: { path: { job_id: id }, query: { after } },
      headers: { Accept: 'application/json' },
    }),
  )
