import { onScopeDispose, readonly, shallowRef, watch } from 'vue'
import { fetchJobEvents, jobEventsUrl, isOver, type EventView, type JobView } from '@/api/jobs'
import { useEventStream } from '@/composables/useEventStream'
import { emptyRecord, withEvents } from './jobEvents'

/** Events come in bursts when a page is opened again; one redraw is enough for each. */
const BURST_MS = 50

/**
 * Follow one job from its first event on, however late the page was opened and whatever happens
 * to the connection. `onState` is called when the job's state has changed.
 */
export function useJobEvents(
  id: string,
  { job, onState }: { job: () => JobView; onState: () => void },
) {
  const record = shallowRef(emptyRecord)
  let burst: EventView[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    record.value = withEvents(record.value, burst)
    burst = []
  }

  function receive(event: EventView) {
    burst.push(event)
    timer ??= setTimeout(flush, BURST_MS)
    if (event.type === 'state') onState()
  }

  const stream = useEventStream({
    types: ['log', 'metric', 'progress', 'state'],
    url: () => jobEventsUrl(id, record.value.lastSeq),
    onEvent: (data) => {
      receive(JSON.parse(data) as EventView)
    },
    poll: async () => {
      const page = await fetchJobEvents(id, record.value.lastSeq)
      page.items.forEach(receive)
    },
    isComplete: () => {
      flush()
      const { state, attempts } = job()
      const { state: told, attempt } = record.value
      return isOver(state) && told === state && attempt >= attempts.length
    },
  })

  stream.start()
  // The stream ends with the job; another attempt is followed anew.
  watch(
    () => isOver(job().state),
    (isOverNow) => {
      if (!isOverNow) stream.start()
    },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return { record: readonly(record) }
}
