import { onScopeDispose, readonly, shallowRef, watch, type WatchSource } from 'vue'

/** The source's value once it has been still for a while. */
export function useDebounced<T>(source: WatchSource<T>, { delayMs = 300 } = {}) {
  const settled = shallowRef<T>()
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    source,
    (value, before) => {
      clearTimeout(timer)
      if (before === undefined) settled.value = value
      else
        timer = setTimeout(() => {
          settled.value = value
        }, delayMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return readonly(settled)
}
