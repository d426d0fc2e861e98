import { queryOptions } from '@tanstack/vue-query'
import { toApiError } from './problem'

const EVERY_MS = 15_000
const WHILE_AWAY_MS = 3_000

/** Whether the server answers at all; asked again and again while the page is open. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: async () => {
      const response = await fetch('/livez').catch(() => {
        throw toApiError(0, undefined)
      })
      if (!response.ok) throw toApiError(response.status, undefined)
      return true
    },
    retry: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? WHILE_AWAY_MS : EVERY_MS),
  })
