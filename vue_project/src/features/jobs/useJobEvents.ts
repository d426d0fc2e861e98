import { onScopeDispose, readonly, shallowRef, watch } from 'vue'
import {
  fetchJobEvents,
  isOver,
  jobEventsUrl,
  type EventType,
  type EventView,
  type JobView,
} from '@/api/jobs'
import { ApiError } from '@/api/problem'
import { useEventStream } from '@/composables/useEventStream'
import { emptyRecord, withEvents } from './jobEvents'

/** Events come in bursts when a page is opened again; one redraw is enough for each. */
const BURST_MS = 50
const AGAIN_MS = 2000
const AT_ONCE = 5000
const GONE = 410
/** All but the log, which may be long. */
const DRAWN: EventType[] = ['metric', 'progress', 'state', 'usage']

interface Listeners {
  job: () => JobView
  /** The job's state has changed. */
  onState: () => void
  /** What was drawn before has arrived; from here on `onEvents` misses nothing. */
  onReady: () => void
  onEvents: (events: readonly EventView[]) => void
}

/**
 * Follow one job, however late the page was opened and whatever happens to the connection: first
 * what it has drawn so far, without its log, then everything as it comes.
 */
export function useJobEvents(id: string, { job, onState, onReady, onEvents }: Listeners) {
  const record = shallowRef(emptyRecord)
  let burst: EventView[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let isLeft = false

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const events = burst
    burst = []
    record.value = withEvents(record.value, events)
    onEvents(events)
  }

  function receive(event: EventView) {
    burst.push(event)
    timer ??= setTimeout(flush, BURST_MS)
    if (event.type === 'state') onState()
  }

  async function catchUp() {
    let isMore = true
    while (isMore) {
      const after = record.value.lastSeq
      const page = await fetchJobEvents(id, { after, limit: AT_ONCE, types: DRAWN })
      record.value = { ...withEvents(record.value, page.items), lastSeq: page.last_seq }
      isMore = page.items.length === AT_ONCE
    }
  }

  const stream = useEventStream({
    types: ['log', ...DRAWN],
    url: () => jobEventsUrl(id, record.value.lastSeq),
    onEvent: (data) => {
      receive(JSON.parse(data) as EventView)
    },
    poll: async () => {
      try {
        const page = await fetchJobEvents(id, { after: record.value.lastSeq })
        page.items.forEach(receive)
      } catch (error) {
        // The database was replaced by an older one: what is known of the job is not so any more.
        if (error instanceof ApiError && error.status === GONE) record.value = emptyRecord
        throw error
      }
    },
    isComplete: () => {
      flush()
      const { state, attempts } = job()
      const { state: told, attempt } = record.value
      return isOver(state) && told === state && attempt >= attempts.length
    },
  })

  async function begin() {
    try {
      await catchUp()
    } catch {
      if (!isLeft) again = setTimeout(() => void begin(), AGAIN_MS)
      return
    }
    if (isLeft) return
    onReady()
    stream.start()
  }

  void begin()
  // The stream ends with the job; another attempt is followed anew.
  watch(
    () => isOver(job().state),
    (isOverNow) => {
      if (!isOverNow) stream.start()
    },
  )
  onScopeDispose(() => {
    isLeft = true
    clearTimeout(timer)
    clearTimeout(again)
  })
  return { record: readonly(record) }
}
