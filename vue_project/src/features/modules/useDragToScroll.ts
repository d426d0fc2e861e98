import { onWatcherCleanup, watch, type Ref } from 'vue'

/** Let a frame be scrolled by dragging what is in it with a mouse; fingers do so by themselves. */
export function useDragToScroll(frame: Readonly<Ref<HTMLElement | null>>) {
  watch(
    frame,
    (element) => {
      if (!element) return
      const ending = new AbortController()
      const { signal } = ending
      element.addEventListener(
        'pointermove',
        (event) => {
          if (event.pointerType !== 'mouse' || !(event.buttons & 1)) return
          element.scrollBy(-event.movementX, -event.movementY)
        },
        { signal },
      )
      onWatcherCleanup(() => {
        ending.abort()
      })
    },
    { flush: 'post' },
  )
}
