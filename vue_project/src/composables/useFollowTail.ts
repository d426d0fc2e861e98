import { nextTick, readonly, ref, watch, type Ref } from 'vue'

/** Scrolled this close to the end still counts as being at the end. */
const END_PX = 24

/** What the follow switch needs to know of a scrolling element. */
export type Scroller = Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight'>

export function isAtEnd(scroller: Scroller): boolean {
  return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= END_PX
}

/**
 * Keep the newest line of a growing list in view until the reader scrolls up; scrolling back to
 * the end, or the switch, follows again.
 */
export function useFollowTail(scroller: Readonly<Ref<Scroller | null>>, length: () => number) {
  const isFollowing = ref(true)

  async function scrollToEnd() {
    await nextTick()
    if (scroller.value) scroller.value.scrollTop = scroller.value.scrollHeight
  }

  function setFollowing(follow: boolean) {
    isFollowing.value = follow
    if (follow) void scrollToEnd()
  }

  function onScroll() {
    if (scroller.value) isFollowing.value = isAtEnd(scroller.value)
  }

  watch(
    length,
    () => {
      if (isFollowing.value) void scrollToEnd()
    },
    { immediate: true },
  )
  return { isFollowing: readonly(isFollowing), setFollowing, onScroll }
}
