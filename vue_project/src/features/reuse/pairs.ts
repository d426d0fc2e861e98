import type { LocationQueryRaw } from 'vue-router'
import type { EveryPairResult } from '@/api/reuse'
import { sorted } from '@/lib/sorted'

type Pair = EveryPairResult['pairs'][number]

const columns = ['a', 'b', 'accuracy_test', 'scratch_accuracy_test'] as const

/** Sort by the name of a column, or downwards by it after a `-`. */
export function sortPairs(pairs: readonly Pair[], sort: string): Pair[] {
  return sorted(pairs, {
    sort,
    valueOf: (pair, name) => {
      const column = columns.find((each) => each === name)
      return column ? pair[column] : null
    },
  })
}

/** What the form is to be filled with, so that the two modules of a pair become one. */
export function taskOf({ a, b, modules }: Pair): LocationQueryRaw {
  return { method: 'new-task', output: [a, b], module: modules }
}

/** The class of an output that is written as class@data set. */
export function classOf(output: string): string {
  return output.replace(/@[^@]*$/, '')
}
