import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useCamera } from './useCamera'

/** A browser whose camera answers so. */
function withCamera(getUserMedia: () => Promise<unknown>) {
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } })
}

afterEach(() => {
  vi.unstubAllGlobals()
})

it('turns the camera off when the page is left', async () => {
  const stop = vi.fn()
  withCamera(() => Promise.resolve({ getTracks: () => [{ stop }] }))
  const scope = effectScope()
  const camera = scope.run(useCamera)
  await camera?.start()

  scope.stop()

  expect(stop).toHaveBeenCalledOnce()
})

it('turns a camera off that is allowed only after the page was left', async () => {
  const stop = vi.fn()
  withCamera(() => Promise.resolve({ getTracks: () => [{ stop }] }))
  const scope = effectScope()
  const starting = scope.run(useCamera)?.start()
  scope.stop()

  await starting

  expect(stop).toHaveBeenCalledOnce()
})

it('says why there is no picture', async () => {
  withCamera(() => Promise.reject(new DOMException('', 'NotAllowedError')))
  const camera = effectScope().run(useCamera)

  await camera?.start()

  expect(camera?.fault.value).toBe('denied')
})
