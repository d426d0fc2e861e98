import { readonly, shallowRef, watch } from 'vue'
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
  }

  async function toEarlier() {
    const window = shown.value
    const before = window?.lines[0]?.seq
    if (!window?.hasEarlier || before === undefined || isLoading.value) return
    await fetchPage({ before }, (page) => {
      shown.value = withEarlier(shown.value ?? window, page)
    })
  }

  async function toLater() {
    const window = shown.value
    const after = window?.lines.at(-1)?.seq
    if (!window?.hasLater || after === undefined || isLoading.value) return
    await fetchPage({ after }, (page) => {
      shown.value = withLater(shown.value ?? window, page)
    })
  }

  function receive(events: readonly EventView[]) {
    if (shown.value) shown.value = withLive(shown.value, linesOf(events, filter()))
    else early.push(...events)
  }

  watch(
    () => JSON.stringify(filter()),
    () => void toNewest(),
  )
  return {
    shown: readonly(shown),
    error: readonly(error),
    toNewest,
    toEarlier,
    toLater,
    receive,
  }
}

export type JobLog = ReturnType<typeof useJobLog>
