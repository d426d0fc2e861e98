import { expect, it } from 'vitest'
import type { Figures, SweepReport } from '@/api/sweeps'
import { scatterOf, sortLines } from './table'

const figures: Figures = {
  original_accuracy_validation: 0.9,
  module_accuracy_validation: 0.95,
  original_accuracy_test: 0.9,
  module_accuracy_test: 0.94,
  retained_ratio: 0.1,
  weights_kept: 100,
  parameters: 120,
  macs_ratio: 1,
  latency_ratio: 1,
  wall_s: 3,
}
const line = (target: string, wallS: number | null) => ({
  model: 'toy',
  target,
  settings: { alpha: 1 },
  figures: wallS === null ? null : { ...figures, wall_s: wallS },
})
const lines = [line('10', 5), line('9', null), line('cat', 3)]
const targets = (sort: string) => sortLines(lines, sort).map(({ target }) => target)

it('sorts numbers up and down, and what has none last', () => {
  expect(targets('wall_s')).toEqual(['cat', '10', '9'])
  expect(targets('-wall_s')).toEqual(['10', 'cat', '9'])
})

it('draws jobs, means and the chosen mean, and leaves out what has no figures', () => {
  const summary = { model: 'toy', settings: { alpha: 1 }, means: figures, is_chosen: true }
  const report = {
    rows: lines,
    summaries: [summary, { ...summary, is_chosen: false, means: null }],
  }
  const describe = ({ alpha }: Record<string, unknown>) => `charge ${String(alpha)}`
  const names = { members: 'm', settings: 's', chosen: 'c', describe }

  const [members, settings, chosen] = scatterOf(report as unknown as SweepReport, names)

  expect(members?.dots.map(({ title }) => title)).toEqual(['10 · charge 1', 'cat · charge 1'])
  expect(settings?.dots).toEqual([])
  expect(chosen?.dots).toEqual([{ x: 0.1, y: 0.95, title: 'charge 1' }])
})
