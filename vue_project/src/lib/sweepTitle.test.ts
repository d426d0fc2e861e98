import { expect, it } from 'vitest'
import { sweepTitleInChinese } from './sweepTitle'

const titles = {
  model: (name: string) => (name === 'cnn' ? 'Small CNN' : name),
  dataset: (name: string) => (name === 'digits' ? 'Handwritten digits' : name),
}
const say = (request: object, jobs = 4) =>
  sweepTitleInChinese({ title: 'in English', request, num_jobs: jobs }, titles)

it('counts targets, settings and seeds where there are several', () => {
  const two = [{ classes: ['3'] }, { classes: ['8'] }]
  expect(say({ models: ['cnn'], targets: two, grid: { alpha: [1, 2] }, seeds: [] })).toBe(
    '2 个目标（取自 Small CNN），2 组设置：4 个任务',
  )
  expect(say({ models: ['cnn', 'b'], targets: 'every class', grid: {}, seeds: [0, 1] }, 40)).toBe(
    '每个类别（取自 2 个模型），2 个种子：40 个任务',
  )
})

it('names a single target', () => {
  expect(say({ models: ['cnn'], targets: [{ classes: ['3', '5'] }] }, 1)).toBe(
    '3、5（取自 Small CNN）：1 个任务',
  )
  expect(say({ models: ['cnn'], targets: [{ group: 'odd', classes: [] }] }, 1)).toBe(
    'odd（取自 Small CNN）：1 个任务',
  )
})

it('says what groups of trainings and of fine-tunings do', () => {
  expect(say({ architectures: ['a', 'b'], dataset: 'digits', subset_seeds: [1, 2] })).toBe(
    '在 Handwritten digits 的 2 个子集上训练 a、b',
  )
  expect(say({ how: ['seam'], model: 'cnn', dataset: 'digits' })).toBe(
    '将 Small CNN 微调到 Handwritten digits：4 个任务',
  )
})

it('keeps the title of what it does not know', () => {
  expect(say({ of: 'another kind' })).toBe('in English')
})
