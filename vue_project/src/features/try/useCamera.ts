import { onScopeDispose, readonly, ref, shallowRef } from 'vue'

export type CameraFault = 'denied' | 'missing' | 'busy' | 'insecure'

const faultBy: Record<string, CameraFault> = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
}

/** The camera, on only between `start` and `stop` and while the calling component is there. */
export function useCamera() {
  const stream = shallowRef<MediaStream>()
  const fault = ref<CameraFault>()
  let isGone = false

  async function start() {
    fault.value = undefined
    if (!window.isSecureContext) {
      fault.value = 'insecure'
      return
    }
    try {
      const opened = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment' },
      })
      if (isGone) turnOff(opened)
      else stream.value = opened
    } catch (error) {
      fault.value = faultBy[error instanceof DOMException ? error.name : ''] ?? 'busy'
    }
  }

  function stop() {
    turnOff(stream.value)
    stream.value = undefined
  }

  onScopeDispose(() => {
    isGone = true
    stop()
  })
  return { stream: readonly(stream), fault: readonly(fault), start, stop }
}

function turnOff(stream: MediaStream | undefined) {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
