import type {
  EveryPairResult,
  MoreAccurateResult,
  NewTaskResult,
  PoolModule,
  RatedModule,
} from '@/api/reuse'
import type { HeatCell, HeatRow } from '@/ui/heatTable'
import { classOf } from './pairs'

export interface HeatTable {
  columns: string[]
  rows: HeatRow[]
}

interface Placed {
  row: string
  column: string
  cell: HeatCell
}

/** Lay cells out by row and column; a second one for the same place opens another row. */
function layOut(placed: readonly Placed[]): HeatTable {
  const columns = [...new Set(placed.map(({ column }) => column))]
  const names = [...new Set(placed.map(({ row }) => row))]
  const rows = names.flatMap((name) => {
    const byColumn = columns.map((column) =>
      placed.filter((each) => each.row === name && each.column === column),
    )
    const height = Math.max(...byColumn.map(({ length }) => length))
    return Array.from({ length: height }, (_, at) => ({
      name,
      cells: byColumn.map((cells) => cells[at]?.cell),
    }))
  })
  return { columns, rows }
}

const moduleLink = (id: string) => ({ name: 'module', params: { id } })

/** Which module of which model answers for what. */
export function coverageOf(pool: readonly PoolModule[]): HeatTable {
  return layOut(
    pool.map(({ module, model, output }) => ({
      row: model,
      column: output,
      cell: { value: 1, text: module.slice(-8), to: moduleLink(module) },
    })),
  )
}

/** F1 of each module by model and class, with the chosen ones marked. */
export function f1Table(
  pool: readonly RatedModule[],
  { chosen, write }: { chosen: readonly string[]; write: (f1: number | null) => string },
): HeatTable {
  const isMixed = new Set(pool.map(({ dataset }) => dataset)).size > 1
  return layOut(
    pool.map(({ module, model, class: name, dataset, f1 }) => ({
      row: model,
      column: isMixed ? `${name}@${dataset}` : name,
      cell: {
        value: f1,
        text: write(f1),
        to: moduleLink(module),
        isMarked: chosen.includes(module),
      },
    })),
  )
}

/** Accuracy of each class of one data set with each of the other. */
export function pairTable(
  { pairs }: EveryPairResult,
  write: (accuracy: number | null) => string,
  of: 'accuracy_test' | 'scratch_accuracy_test',
): HeatTable {
  return layOut(
    pairs.map((pair) => ({
      row: classOf(pair.a),
      column: classOf(pair.b),
      cell: { value: pair[of], text: write(pair[of]) },
    })),
  )
}

/** The option that was taken. */
export function chosenOption({ options, chosen_rule }: MoreAccurateResult | NewTaskResult) {
  return options.find(({ rule }) => rule === chosen_rule)
}

/** What the composition has to beat: the best model by itself, or a network from scratch. */
export function rivalOf(result: MoreAccurateResult | NewTaskResult) {
  return result.method === 'more-accurate'
    ? result.singles.find(({ model }) => model === result.best_single)
    : result.scratch
}
