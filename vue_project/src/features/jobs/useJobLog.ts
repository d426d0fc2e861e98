import { onScopeDispose, readonly, shallowRef, watch } from 'vue'
import { fetchJobLines, type EventView, type LogPage, type LogSearch } from '@/api/jobs'
import {
  linesOf,
  newestLines,
  withEarlier,
  withLater,
  withLive,
  type LogFilter,
  type LogWindow,
} from './logWindow'

const AT_ONCE = 500

/** The part of a job's log that its page shows, fetched as the reader moves through it. */
export function useJobLog(id: string, filter: () => LogFilter) {
  const shown = shallowRef<LogWindow>()
  const error = shallowRef<Error | null>(null)
  const isLoading = shallowRef(false)
  /** Written while the newest lines were on their way. */
  let early: EventView[] = []
  let latest = 0
  let search = 0

  async function fetchPage(
    place: Pick<LogSearch, 'after' | 'before'>,
    put: (page: LogPage) => void,
  ) {
    const { attempt, level, find } = filter()
    const turn = (latest += 1)
    isLoading.value = true
    try {
      const page = await fetchJobLines(id, {
        ...place,
        ...(attempt !== undefined && { attempt }),
        ...(level !== undefined && { level }),
        ...(find && { q: find }),
        limit: AT_ONCE,
      })
      if (turn === latest) put(page)
      error.value = null
    } catch (failure) {
      if (turn === latest) error.value = failure as Error
    } finally {
      if (turn === latest) isLoading.value = false
    }
  }

  async function toNewest() {
    early = []
    shown.value = undefined
    await fetchPage({}, (page) => {
      shown.value = withLive(newestLines(page), linesOf(early, filter()))
    })
    const mine = (search += 1)
    while (mine === search && shown.value && isEmptySoFar(shown.value) && !error.value) {
      await fetchEarlier(shown.value)
    }
  }

  /** A search looks at a part of a long log at once, and stops where it has found something. */
  const isEmptySoFar = ({ lines, hasEarlier }: LogWindow) => lines.length === 0 && hasEarlier

  const fetchEarlier = (window: LogWindow) =>
    fetchPage({ before: window.from }, (page) => {
      shown.value = withEarlier(shown.value ?? window, page)
    })

  async function toEarlier() {
    if (shown.value?.hasEarlier && !isLoading.value) await fetchEarlier(shown.value)
  }

  async function toLater() {
    const window = shown.value
    if (!window?.hasLater || isLoading.value) return
    await fetchPage({ after: window.to }, (page) => {
      shown.value = withLater(shown.value ?? window, page)
    })
  }

  function receive(events: readonly EventView[]) {
    if (shown.value) shown.value = withLive(shown.value, linesOf(events, filter()))
    else early.push(...events)
  }

  onScopeDispose(() => {
    search += 1
  })
  watch(
    () => JSON.stringify(filter()),
    () => void toNewest(),
  )
  return {
    shown: readonly(shown),
    isLoading: readonly(isLoading),
    error: readonly(error),
    toNewest,
    toEarlier,
    toLater,
    receive,
  }
}

export type JobLog = ReturnType<typeof useJobLog>
