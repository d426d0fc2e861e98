import { expect, it } from 'vitest'
import { scatterChartOption } from './scatterChartOption'

const look = {
  xTitle: 'kept',
  isShareX: false,
  formatX: (x: number) => `x${String(x)}`,
  formatY: (y: number) => `y${String(y)}`,
  tokens: {
    module: 'm',
    original: 'o',
    second: 's',
    ink: 'i',
    'ink-soft': 'k',
    line: 'l',
    surface: 'f',
  },
}

it('draws each group in its tone, the marked one larger', () => {
  const groups = [
    { name: 'all', tone: 'second' as const, dots: [{ x: 1, y: 2, title: 'a' }] },
    { name: 'chosen', tone: 'module' as const, dots: [], isMarked: true },
  ]

  const { series } = scatterChartOption(groups, look) as { series: Record<string, unknown>[] }

  expect(series[0]).toMatchObject({ data: [{ value: [1, 2], name: 'a' }], symbolSize: 9 })
  expect(series[0]?.['itemStyle']).toMatchObject({ color: 's' })
  expect(series[1]?.['symbolSize']).toBe(16)
})

it('leads steps through dots that are joined', () => {
  const front = { name: 'front', tone: 'module' as const, dots: [], isJoined: true }

  const { series } = scatterChartOption([front], look) as { series: Record<string, unknown>[] }

  expect(series[0]).toMatchObject({ type: 'line', step: 'end', lineStyle: { color: 'm' } })
})

it('shows names of users as text, never as markup', () => {
  const { tooltip } = scatterChartOption([], look) as {
    tooltip: { formatter: (item: { name: string; value: [number, number] }) => string }
  }

  expect(tooltip.formatter({ name: '<b>&', value: [1, 2] })).toBe('&#60;b&#62;&#38;<br>x1 · y2')
})
