import { expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { useFollowTail } from './useFollowTail'

/** A log window of 100 px over 500 px of lines, scrolled to its end at 400. */
function openLog() {
  const scroller = ref({ scrollTop: 400, scrollHeight: 500, clientHeight: 100 })
  const lines = ref(10)
  return { scroller, lines, log: useFollowTail(scroller, () => lines.value) }
}

async function addLine({ scroller, lines }: ReturnType<typeof openLog>) {
  scroller.value.scrollHeight += 20
  lines.value += 1
  await nextTick()
  await nextTick()
}

it('keeps the newest line in view', async () => {
  const opened = openLog()
  await addLine(opened)
  expect(opened.scroller.value.scrollTop).toBe(520)
})

it('stops following once the reader scrolls up, and new lines do not move the page', async () => {
  const opened = openLog()
  await nextTick()
  opened.scroller.value.scrollTop = 100
  opened.log.onScroll()
  await addLine(opened)
  expect(opened.log.isFollowing.value).toBe(false)
  expect(opened.scroller.value.scrollTop).toBe(100)
})

it('follows again when the reader scrolls back to the end', async () => {
  const opened = openLog()
  await nextTick()
  opened.scroller.value.scrollTop = 100
  opened.log.onScroll()
  opened.scroller.value.scrollTop = 390 // 10 px from the end
  opened.log.onScroll()
  expect(opened.log.isFollowing.value).toBe(true)
})

it('jumps to the newest line when the switch is turned on', async () => {
  const opened = openLog()
  opened.scroller.value.scrollTop = 100
  opened.log.onScroll()
  opened.log.setFollowing(true)
  await nextTick()
  expect(opened.scroller.value.scrollTop).toBe(500)
})
