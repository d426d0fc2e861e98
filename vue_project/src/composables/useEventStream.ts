import { onScopeDispose } from 'vue'

/** The part of `EventSource` used here, so that tests can bring their own. */
export interface Stream {
  readonly readyState: number
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

export interface EventStreamOptions {
  /** The kinds of event to listen for. */
  types: readonly string[]
  /** Where to begin or go on; called anew for each connection. */
  url: () => string
  onEvent: (data: string) => void
  /** Fetches what is new while no stream gets through. */
  poll: () => Promise<void>
  /** Whether everything has arrived; asked whenever a connection ends. */
  isComplete: () => boolean
  connect?: (url: string) => Stream
  pollEveryMs?: number
}

const CLOSED = 2

/**
 * Follow server-sent events. The browser reconnects by itself and the server replays what was
 * missed; where a stream is refused altogether (a proxy, say), polling takes over.
 */
export function useEventStream(options: EventStreamOptions) {
  const { types, url, onEvent, poll, isComplete, pollEveryMs = 2000 } = options
  const connect = options.connect ?? ((address) => new EventSource(address))
  let stream: Stream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop() {
    stream?.close()
    stream = undefined
    clearTimeout(timer)
    timer = undefined
  }

  function pollLater() {
    timer = setTimeout(() => {
      void poll()
        .catch(() => undefined) // the server is away; the shell says so, and the next try follows
        .then(() => {
          if (timer !== undefined && !isComplete()) pollLater()
        })
    }, pollEveryMs)
  }

  function start() {
    stop()
    const opened = connect(url())
    stream = opened
    for (const type of types) {
      opened.addEventListener(type, (event) => {
        onEvent(event.data)
      })
    }
    opened.addEventListener('error', () => {
      if (opened !== stream) return
      if (isComplete()) {
        stop()
      } else if (opened.readyState === CLOSED) {
        stop()
        pollLater()
      }
    })
  }

  onScopeDispose(stop)
  return { start, stop }
}
