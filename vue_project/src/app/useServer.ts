import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, watch } from 'vue'
import { useRouter } from 'vue-router'
import { healthQuery } from '@/api/health'

/** Whether the server is away; while it is, pages stay, and when it is back, they are up to date. */
export function useServer() {
  const health = useQuery(healthQuery())
  const queryClient = useQueryClient()
  const router = useRouter()

  watch(health.isError, (isAway) => {
    if (!isAway) void queryClient.invalidateQueries()
  })

  // Pages of a server that was updated meanwhile have other names; a fresh start knows them.
  const forget = router.onError(async (_error, to, from) => {
    if (from.matched.length === 0) return
    const { isSuccess } = await health.refetch()
    if (isSuccess) window.location.assign(to.fullPath)
  })
  onScopeDispose(forget)

  return { isAway: health.isError }
}
