import { computed, ref, shallowRef } from 'vue'
import type { Picture } from './picture'
import type { Tried } from './tried'

const MOST_SHOWN = 12

interface Failure {
  number: number
  name: string
  error: Error
}

/**
 * Ask about one picture after the other, so that their times can be compared. `answer` does the
 * asking; the newest answers come first, and only the last few are kept.
 */
export function useTry(answer: (picture: Picture, number: number) => Promise<Tried>) {
  const tried = shallowRef<readonly Tried[]>([])
  const failures = shallowRef<readonly Failure[]>([])
  const waiting = ref(0)
  let count = 0
  let last: Promise<void> = Promise.resolve()

  function add(picture: Picture) {
    const number = (count += 1)
    waiting.value += 1
    failures.value = []
    last = last.then(async () => {
      try {
        tried.value = [await answer(picture, number), ...tried.value].slice(0, MOST_SHOWN)
      } catch (error) {
        failures.value = [...failures.value, { number, name: picture.name, error: error as Error }]
      } finally {
        waiting.value -= 1
      }
    })
  }

  return {
    tried: computed(() => tried.value),
    failures: computed(() => failures.value),
    isBusy: computed(() => waiting.value > 0),
    add,
  }
}
