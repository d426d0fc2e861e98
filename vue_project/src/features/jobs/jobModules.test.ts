import { expect, it } from 'vitest'
import type { JobView } from '@/api/jobs'
import type { MetricPoint } from './jobEvents'
import { modulesOf } from './jobModules'

const job = {
  kind: 'modularize',
  request: { target: { kind: 'each', classes: ['cat', 'dog'], groups: [] } },
  result: null,
} as unknown as JobView

function point(step: number, kernels: number[], recalls: number[]): MetricPoint {
  return { stage: 'search', step, attempt: 1, values: {}, lists: { kernels, recalls } }
}

it('follows the kernels and the recall of each module', () => {
  const modules = modulesOf(job, [point(1, [200, 200], [0.5, 0.4]), point(2, [150, 50], [0.9, 1])])

  expect(modules.map(({ name, kernels, recall }) => [name, kernels, recall])).toEqual([
    ['cat', 150, 0.9],
    ['dog', 50, 1],
  ])
  expect(modules[1]?.keptCurve).toEqual([
    [1, 1],
    [2, 0.25], // 50 of 200
  ])
})

it('leaves out what stands for the classes that no module was asked for', () => {
  expect(modulesOf(job, [point(1, [9, 9, 9], [1, 1, 1])])).toHaveLength(2)
})

it('shows what was made once it is there', () => {
  const made = { class: 'dog', module: 'net-dog-1', kernels_kept: 40, kernels_total: 200 }
  const done = { ...job, result: { modules: [made] } } as unknown as JobView

  const [module] = modulesOf(done, [])

  expect(module).toMatchObject({ name: 'dog', id: 'net-dog-1', kernels: 40, kernelsTotal: 200 })
})

it('has nothing to show of a job that makes one module', () => {
  const single = { ...job, request: { target: { kind: 'binary', classes: ['cat'], groups: [] } } }
  expect(modulesOf(single as unknown as JobView, [point(1, [9], [1])])).toEqual([])
})
