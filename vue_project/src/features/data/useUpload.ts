import { computed, onScopeDispose, readonly, shallowRef } from 'vue'
import { ApiError } from '@/api/problem'
import { addPiece, beginUpload, cancelUpload, getUpload, type Upload } from '@/api/uploads'
import { keyOf, sendFile } from './sendFile'

const NOT_FOUND = 404
const receiver = { begin: beginUpload, find: getUpload, add: addPiece }

/** One file on its way to the server: how far it is, and going on or giving up. */
export function useUpload() {
  const file = shallowRef<File>()
  const upload = shallowRef<Upload>()
  const error = shallowRef<Error>()
  let sending: AbortController | undefined

  async function send(chosen: File, id: string | undefined) {
    const mine = (sending = new AbortController())
    error.value = undefined
    try {
      await sendFile(chosen, receiver, {
        id,
        signal: mine.signal,
        onProgress: (progress) => {
          upload.value = progress
          sessionStorage.setItem(keyOf(chosen), progress.id)
        },
      })
    } catch (reason) {
      if (mine.signal.aborted) return
      if (id && reason instanceof ApiError && reason.status === NOT_FOUND) {
        await send(chosen, undefined) // the server has begun anew meanwhile, and so do we
        return
      }
      error.value = reason instanceof Error ? reason : new Error(String(reason))
    }
  }

  function choose(chosen: File) {
    cancel()
    file.value = chosen
    void send(chosen, sessionStorage.getItem(keyOf(chosen)) ?? undefined)
  }

  function resume() {
    if (file.value) void send(file.value, upload.value?.id)
  }

  /** Forget the file; what has come of it is deleted on the server, unless it was used. */
  function cancel({ isUsed = false } = {}) {
    sending?.abort()
    if (file.value) sessionStorage.removeItem(keyOf(file.value))
    if (upload.value && !isUsed) void cancelUpload(upload.value.id).catch(() => undefined)
    file.value = upload.value = error.value = undefined
  }

  onScopeDispose(() => sending?.abort())
  return {
    file: readonly(file),
    upload: readonly(upload),
    error: readonly(error),
    isBroken: computed(() => error.value instanceof ApiError && error.value.isOffline),
    id: computed(() => (upload.value?.is_complete ? upload.value.id : undefined)),
    choose,
    resume,
    cancel,
  }
}
