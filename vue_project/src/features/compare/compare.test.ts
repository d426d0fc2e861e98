import { describe, expect, it } from 'vitest'
import type { EventView, JobView } from '@/api/jobs'
import { curveOf, lookOf, partOf } from './curves'
import { paretoFront } from './pareto'
import { problemsOf, rowsOf } from './rows'
import { subjectOfJob, type Fact, type Subject } from './subjects'

const fact = (name: string, value: Fact['value']): Fact => ({
  section: 'settings',
  name,
  unit: 'text',
  value,
})
const subject = (problem: string, ...facts: Fact[]) => ({ problem, facts }) as unknown as Subject

describe('facts beside each other', () => {
  const rows = rowsOf([
    subject('3@digits', fact('alpha', '1'), fact('seed', '0')),
    subject('3@digits', fact('alpha', '2'), fact('seed', '0'), fact('goal', '0.1')),
  ])

  it('are marked where they differ', () => {
    expect(rows.map(({ name, differs }) => [name, differs])).toEqual([
      ['alpha', true],
      ['seed', false],
      ['goal', true],
    ])
  })

  it('are absent where only others have them', () => {
    expect(rows[2]?.values).toEqual([undefined, '0.1'])
  })
})

it('knows which problems are solved, so that different ones are not compared', () => {
  expect(problemsOf([subject('3@digits'), subject('5@digits'), subject('3@digits')])).toEqual([
    '3@digits',
    '5@digits',
  ])
})

describe('a job', () => {
  const request = {
    dataset: 'digits',
    target: { kind: 'binary', classes: ['5', '3'], group: null },
    settings: { alpha: 2, scratch: { epochs: 3 } },
  }
  const { facts, problem } = subjectOfJob({
    id: 'j',
    kind: 'modularize',
    state: 'succeeded',
    started_at: '2026-01-01T00:00:00Z',
    ended_at: '2026-01-01T00:01:30Z',
    result: { measures: { module: { accuracy_test: 0.9, latency_ms: { '1': 2 } } } },
    request,
  } as unknown as JobView)
  const value = (name: string) => facts.find((each) => each.name === name)?.value

  it('is about classes of a data set, in whatever order', () => {
    expect(problem).toBe('3, 5@digits')
  })

  it('has settings by their names, those inside others with a dot', () => {
    expect([value('alpha'), value('scratch.epochs')]).toEqual([2, 3])
  })

  it('has the measures of what it made, and the time it took', () => {
    expect([value('accuracyTest'), value('latency'), value('took')]).toEqual([0.9, 2, 90])
  })
})

describe('the Pareto front', () => {
  it('holds what nothing else beats, from small to large', () => {
    const dots = [
      { x: 3, y: 0.9 },
      { x: 1, y: 0.5 },
      { x: 2, y: 0.4 }, // larger than the one at 1, and worse
      { x: 3, y: 0.8 }, // as large as the one at 3, and worse
    ]

    expect(paretoFront(dots)).toEqual([
      { x: 1, y: 0.5 },
      { x: 3, y: 0.9 },
    ])
  })

  it('has equal points once', () => {
    expect(
      paretoFront([
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ]),
    ).toHaveLength(1)
  })
})

describe('the curve of a job', () => {
  const event = (type: string, second: number, values = {}) =>
    ({
      type,
      time: `2026-01-01T00:00:0${String(second)}Z`,
      data: { values },
    }) as unknown as EventView
  const running = { type: 'state', time: '2026-01-01T00:00:01Z', data: { state: 'running' } }
  const events = [
    event('state', 0),
    running as unknown as EventView,
    event('metric', 3, { accuracy: 0.5 }),
    event('progress', 3),
    event('metric', 6, { accuracy: 0.75, retained_ratio: 0.25 }),
  ]

  it('is drawn over epochs or over seconds', () => {
    expect(curveOf(events, { measure: 'accuracy', axis: 'epoch' })).toEqual([
      [1, 0.5],
      [2, 0.75],
    ])
    expect(curveOf(events, { measure: 'accuracy', axis: 'time' })).toEqual([
      [2, 0.5],
      [5, 0.75],
    ])
  })

  it('leaves epochs out that lack the measure', () => {
    expect(curveOf(events, { measure: 'retained_ratio', axis: 'epoch' })).toEqual([[2, 0.25]])
  })

  it('can be told from five others', () => {
    expect(new Set([0, 1, 2, 3, 4, 5].map((at) => JSON.stringify(lookOf(at)))).size).toBe(6)
  })
})

describe('the curve of a joint search', () => {
  const epoch = (values: object) => ({ type: 'metric', time: '', data: { values } })
  const events = [
    epoch({ accuracy: 0.5, retained_ratio: 1, kernels: [40, 40], recalls: [0.25, 0.75] }),
    epoch({ accuracy: 0.75, retained_ratio: 0.75, kernels: [20, 40], recalls: [0.5, 1] }),
  ] as unknown as EventView[]
  const curve = (measure: 'accuracy' | 'retained_ratio' | 'recalls' | 'kernels', part?: number) =>
    curveOf(events, { measure, axis: 'epoch', part }).map(([, y]) => y)

  it('is the mean of its modules', () => {
    expect(curve('recalls')).toEqual([0.5, 0.75])
    expect(curve('kernels')).toEqual([1, 0.75])
    expect(curve('accuracy')).toEqual([0.5, 0.75])
  })

  it('says its share of kernels once', () => {
    expect(curve('retained_ratio')).toEqual([])
  })

  it('is, of one module, that of its class alone', () => {
    expect(curve('recalls', 1)).toEqual([0.75, 1])
    expect(curve('kernels', 0)).toEqual([1, 0.5])
    expect(curve('accuracy', 0)).toEqual([])
  })

  it('is found by what the module is for', () => {
    const job = (target: object) => ({ request: { target } }) as unknown as JobView
    const each = { kind: 'each', classes: ['3', '5'], groups: [] }

    expect(partOf(job(each), ['5'])).toBe(1)
    expect(partOf(job({ ...each, groups: ['odd', 'even'] }), ['odd'])).toBe(0)
    expect(partOf(job({ kind: 'binary', classes: ['5'] }), ['5'])).toBeUndefined()
    expect(partOf(job(each), [])).toBeUndefined()
  })
})

it('sums up what a job that makes several modules says of them', () => {
  const { facts } = subjectOfJob({
    request: { target: { kind: 'each', classes: ['3', '5'] } },
    result: {
      modules: [
        { kernels_kept: 20, kernels_total: 40 },
        { kernels_kept: 40, kernels_total: 40 },
      ],
      accuracy_composed_validation: 0.9,
    },
  } as unknown as JobView)

  expect(facts.filter(({ name }) => /Made|Together|Share/.test(name))).toMatchObject([
    { name: 'modulesMade', value: 2 },
    { name: 'accuracyTogether', value: 0.9 },
    { name: 'kernelsShare', value: 0.75 },
  ])
})
