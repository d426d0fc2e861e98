import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components, paths } from './schema'

export type JobView = components['schemas']['JobView']
export type JobState = JobView['state']
export type JobPage = components['schemas']['JobPage']
export type EventView = components['schemas']['EventView']
export type EventType = EventView['type']
export type LogLine = components['schemas']['LogLineView']
export type LogLevel = LogLine['level']
export type LogPage = components['schemas']['LogLines']
export type Outcome = components['schemas']['OutcomeView']
export type JobKind = JobView['kind']
export type LogSearch = NonNullable<
  paths['/api/v1/jobs/{job_id}/lines']['get']['parameters']['query']
>
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

/** Ask several jobs to end; what came of each is said of each. */
export const cancelJobs = (ids: string[]) =>
  bodyOf(client.POST('/api/v1/jobs/cancel', { body: { ids } }))

/** Queue several jobs again; what came of each is said of each. */
export const retryJobs = (ids: string[]) =>
  bodyOf(client.POST('/api/v1/jobs/retry', { body: { ids } }))

/** Forget a job that is over; its modules stay. */
export const deleteJob = (id: string) => bodyOf(client.DELETE('/api/v1/jobs/{job_id}', job(id)))

/** Where a job's events stream from, beginning after one that is known already. */
export function jobEventsUrl(id: string, after: number): string {
  return `/api/v1/jobs/${encodeURIComponent(id)}/events?after=${String(after)}`
}

/** One page of the same events, for where streams do not get through; of some types if named. */
export const fetchJobEvents = (
  id: string,
  query: { after: number; limit?: number; types?: EventType[] },
) =>
  bodyOf(
    client.GET('/api/v1/jobs/{job_id}/events', {
      params: { path: { job_id: id }, query },
      headers: { Accept: 'application/json' },
    }),
  )

/** Neighbouring lines of a log: the newest, or those beside an event. */
export const fetchJobLines = (id: string, query: LogSearch) =>
  bodyOf(client.GET('/api/v1/jobs/{job_id}/lines', { params: { path: { job_id: id }, query } }))

/** Where a whole log can be downloaded, or that of one attempt. */
export function jobLogUrl(id: string, attempt?: number): string {
  const part = attempt === undefined ? '' : `?attempt=${String(attempt)}`
  return `/api/v1/jobs/${encodeURIComponent(id)}/log${part}`
}
