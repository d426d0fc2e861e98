import { expect, it } from 'vitest'
import { toApiError } from './problem'

it('keeps the title, the detail and every fault of a problem', () => {
  const faults = [{ pointer: '/model', message: 'no model named x' }]
  const error = toApiError(422, { title: 'Invalid request', detail: 'see errors', errors: faults })
  expect(error).toMatchObject({
    status: 422,
    title: 'Invalid request',
    message: 'see errors',
    faults,
  })
})

it('still names the status where something else than our server answered', () => {
  expect(toApiError(502, '<html>Bad gateway</html>')).toMatchObject({
    title: 'HTTP 502',
    message: 'the server answered HTTP 502 and nothing else',
    faults: [],
  })
})

it('knows the difference between a refusal and a server that cannot be reached', () => {
  expect(toApiError(0, undefined).isOffline).toBe(true)
  expect(toApiError(0, undefined).message).toContain('check that ModelFoundry is running')
  expect(toApiError(404, {}).isOffline).toBe(false)
})
