import { computed } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import type { LogLevel } from '@/api/jobs'
import type { LogFilter } from './logWindow'

export const levels = ['info', 'warning', 'error'] as const satisfies readonly LogLevel[]

/** Which part of a log is wanted; it lives in the address, so that it can be shared. */
export function useLogFilter() {
  const route = useRoute()
  const router = useRouter()

  const filter = computed((): LogFilter => {
    const { attempt, level, find } = route.query
    const number = Number(attempt)
    return {
      attempt: Number.isInteger(number) && number > 0 ? number : undefined,
      level: levels.find((each) => each === level),
      find: typeof find === 'string' ? find : '',
    }
  })

  function change(part: Partial<LogFilter>) {
    const { attempt, level, find } = { ...filter.value, ...part }
    const query: LocationQueryRaw = {
      ...(attempt !== undefined && { attempt: String(attempt) }),
      ...(level !== undefined && { level }),
      ...(find && { find }),
    }
    void router.replace({ query })
  }

  return { filter, change }
}
