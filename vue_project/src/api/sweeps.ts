import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type SweepRequest = components['schemas']['SweepRequest']
export type SweepView = components['schemas']['SweepView']
export type SweepState = SweepView['state']
export type SweepReport = components['schemas']['SweepReportView']
export type SweepRow = components['schemas']['SweepRowView']
export type SweepSummary = components['schemas']['SweepSummaryView']
export type Figures = components['schemas']['FiguresView']
export type TablePart = 'settings' | 'members'

const BUSY_MS = 2_000
const IDLE_MS = 15_000

export function isActive(state: SweepState): boolean {
  return state === 'queued' || state === 'running'
}

export const sweepPageQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['sweeps', cursor],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/sweeps', { params: { query: cursor ? { cursor } : {} }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.items.some((sweep) => isActive(sweep.state)) ? BUSY_MS : IDLE_MS,
  })

const sweep = (id: string) => ({ params: { path: { sweep_id: id } } })

export const sweepQuery = (id: string) =>
  queryOptions({
    queryKey: ['sweep', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/sweeps/{sweep_id}', { ...sweep(id), signal })),
    refetchInterval: ({ state: { data } }) => (data && isActive(data.state) ? BUSY_MS : IDLE_MS),
  })

export const cancelSweep = (id: string) =>
  bodyOf(client.POST('/api/v1/sweeps/{sweep_id}/cancel', sweep(id)))

export const retrySweep = (id: string) =>
  bodyOf(client.POST('/api/v1/sweeps/{sweep_id}/retry', sweep(id)))

/** Where the table can be downloaded. */
export function sweepTableUrl(id: string, part: TablePart): string {
  return `/api/v1/sweeps/${encodeURIComponent(id)}/table.csv?of=${part}`
}
