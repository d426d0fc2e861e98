import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useEventStream, type Stream } from './useEventStream'

/** A stream that the test opens, feeds and breaks by hand. */
function fakeStream() {
  const listeners = new Map<string, (event: MessageEvent<string>) => void>()
  const stream = {
    readyState: 1,
    addEventListener: (type: string, listener: (event: MessageEvent<string>) => void) => {
      listeners.set(type, listener)
    },
    close: vi.fn(),
  } satisfies Stream
  const send = (type: string, data = '') => {
    listeners.get(type)?.(new MessageEvent(type, { data }))
  }
  return { stream, send }
}

function follow({ isComplete = (): boolean => false } = {}) {
  const fake = fakeStream()
  const poll = vi.fn(() => Promise.resolve())
  const connect = vi.fn<(url: string) => Stream>(() => fake.stream)
  const received: string[] = []
  const scope = effectScope()
  const events = scope.run(() =>
    useEventStream({
      types: ['log'],
      url: () => `/events?after=${String(received.length)}`,
      onEvent: (data) => received.push(data),
      poll,
      isComplete,
      connect,
      pollEveryMs: 1000,
    }),
  )
  events?.start()
  return { ...fake, connect, received, scope, poll, events }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

it('hands on each event that arrives', () => {
  const { send, received } = follow()
  send('log', 'one')
  expect(received).toEqual(['one'])
})

it('goes on after what it already has when it is started again', () => {
  const { send, connect, events } = follow()
  send('log', 'one')
  events?.start()
  expect(connect.mock.calls.map(([url]) => url)).toEqual(['/events?after=0', '/events?after=1'])
})

it('leaves reconnecting to the browser while the stream is only interrupted', async () => {
  const { stream, send, poll } = follow()
  stream.readyState = 0
  send('error')
  await vi.advanceTimersByTimeAsync(5000)
  expect(poll).not.toHaveBeenCalled()
})

it('polls where the stream is refused, until everything has arrived', async () => {
  let answers = 0
  const { stream, send, poll } = follow({ isComplete: () => answers++ === 2 }) // the third time
  stream.readyState = 2
  send('error')
  await vi.advanceTimersByTimeAsync(5000)
  expect(poll).toHaveBeenCalledTimes(2)
})

it('does not connect again to a stream that ended because everything has arrived', () => {
  const { stream, send } = follow({ isComplete: () => true })
  stream.readyState = 0
  send('error')
  expect(stream.close).toHaveBeenCalled()
})

it('closes the connection with the component', () => {
  const { stream, scope } = follow()
  scope.stop()
  expect(stream.close).toHaveBeenCalled()
})

it('stops polling with the component', async () => {
  const { stream, send, scope, poll } = follow()
  stream.readyState = 2
  send('error')
  scope.stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(poll).not.toHaveBeenCalled()
})
