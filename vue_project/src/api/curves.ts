import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { EventView } from './jobs'

const PAGE = 1000

/** What a job measured epoch by epoch, and when it ran. */
export const jobMetricsQuery = (id: string) =>
  queryOptions({
    queryKey: ['job', id, 'metrics'],
    queryFn: async ({ signal }) => {
      const events: EventView[] = []
      for (;;) {
        const { items } = await bodyOf(
          client.GET('/api/v1/jobs/{job_id}/events', {
            params: {
              path: { job_id: id },
              query: { after: events.at(-1)?.seq ?? 0, limit: PAGE, types: ['metric', 'state'] },
            },
            headers: { Accept: 'application/json' },
            signal,
          }),
        )
        events.push(...items)
        if (items.length < PAGE) return events
      }
    },
  })
