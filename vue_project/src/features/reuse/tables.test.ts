import { expect, it } from 'vitest'
import type { EveryPairResult, MoreAccurateResult, RatedModule } from '@/api/reuse'
import { chosenOption, coverageOf, f1Table, pairTable, rivalOf } from './tables'

function rated(module: string, model: string, name: string, f1: number | null): RatedModule {
  return {
    module,
    class: name,
    dataset: 'digits',
    model,
    architecture: 'simcnn',
    f1,
    kernels_kept: 9,
  }
}

const pool = [rated('a-0', 'a', '0', 0.5), rated('a-1', 'a', '1', null), rated('b-1', 'b', '1', 1)]
const write = (value: number | null) => String(value)
const texts = (table: ReturnType<typeof f1Table>) =>
  table.rows.map(({ name, cells }) => [name, ...cells.map((cell) => cell?.text)])

it('has a row for each model and a column for each class', () => {
  const table = f1Table(pool, { chosen: [], write })
  expect(table.columns).toEqual(['0', '1'])
  expect(texts(table)).toEqual([
    ['a', '0.5', 'null'],
    ['b', undefined, '1'],
  ])
})

it('marks the chosen modules', () => {
  const { rows } = f1Table(pool, { chosen: ['b-1'], write })
  expect(rows.flatMap(({ cells }) => cells.map((cell) => cell?.isMarked))).toEqual([
    false,
    false,
    undefined,
    true,
  ])
})

it('gives a second module of a model for a class a row of its own', () => {
  const table = f1Table([...pool, rated('a-0-again', 'a', '0', 0.25)], { chosen: [], write })
  expect(texts(table)).toEqual([
    ['a', '0.5', 'null'],
    ['a', '0.25', undefined],
    ['b', undefined, '1'],
  ])
})

it('names the data set where there are several', () => {
  const other = { ...rated('c-0', 'c', '0', 1), dataset: 'svhn' }
  expect(f1Table([...pool, other], { chosen: [], write }).columns).toEqual([
    '0@digits',
    '1@digits',
    '0@svhn',
  ])
})

it('shows which module answers for what before there are figures', () => {
  const module = { module: 'a-0-12345678', output: '0@digits', model: 'a' }
  const table = coverageOf([{ ...module, architecture: 'simcnn', kernels_kept: null }])
  expect(texts(table)).toEqual([['a', '12345678']])
})

it('has every pair as a matrix', () => {
  const pair = (a: string, b: string, share: number) => ({
    a,
    b,
    modules: [],
    accuracy_test: share,
    scratch_accuracy_test: null,
  })
  const pairs = [pair('cat', '3', 1), pair('cat', '4', 0.5), pair('dog', '3', 0.25)]
  const result: EveryPairResult = { method: 'every-pair', datasets: ['x', 'y'], pool: [], pairs }
  expect(texts(pairTable(result, write, 'accuracy_test'))).toEqual([
    ['cat', '1', '0.5'],
    ['dog', '0.25', undefined],
  ])
})

it('finds the option that was taken and what it has to beat', () => {
  const option = { modules: [], accuracy_validation: 0.5, accuracy_test: 0.5 }
  const single = { accuracy_validation: 0.5, accuracy_test: 0.25 }
  const result: MoreAccurateResult = {
    method: 'more-accurate',
    classes: [],
    pool: [],
    options: [
      { rule: 'published', ...option },
      { rule: 'greedy', ...option },
    ],
    chosen_rule: 'greedy',
    singles: [{ model: 'a', ...single }],
    best_single: 'a',
    module: 'm',
  }
  expect(chosenOption(result)?.rule).toBe('greedy')
  expect(rivalOf(result)).toEqual({ model: 'a', ...single })
})
