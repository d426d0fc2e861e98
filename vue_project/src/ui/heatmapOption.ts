import type { EChartsCoreOption } from 'echarts/core'

type Token = 'module' | 'sunken' | 'ink' | 'ink-soft' | 'line' | 'surface'

interface Look {
  names: readonly string[]
  xTitle: string
  yTitle: string
  tokens: Readonly<Record<Token, string>>
}

/** A matrix with more rows than this is drawn without its numbers, which would not be legible. */
const MOST_NUMBERS = 12

/** The cells of a matrix: column, row, share of its row (0-1) that decides the shade, count. */
export function cellsOf(
  rows: readonly (readonly number[])[],
): [column: number, row: number, share: number, count: number][] {
  return rows.flatMap((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count, column): [number, number, number, number] => [
      column,
      row,
      total === 0 ? 0 : count / total,
      count,
    ])
  })
}

/** Describe a square matrix to the chart library; the first row is on top. */
export function heatmapOption(
  rows: readonly (readonly number[])[],
  { names, xTitle, yTitle, tokens }: Look,
): EChartsCoreOption {
  const text = { color: tokens['ink-soft'], fontSize: 12 }
  const axis = {
    type: 'category',
    data: names,
    nameLocation: 'middle',
    nameTextStyle: text,
    axisLabel: { ...text, width: 96, overflow: 'truncate' },
    axisLine: { lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    splitArea: { show: false },
  }
  return {
    animation: false,
    grid: { left: 28, right: 8, top: 8, bottom: 32, containLabel: true },
    tooltip: {
      backgroundColor: tokens.surface,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink },
      formatter: ({ value }: { value: [number, number, number, number] }) =>
        `${names[value[1]] ?? ''} → ${names[value[0]] ?? ''}: ${String(value[3])}`,
      renderMode: 'richText', // names of classes come from users
    },
    xAxis: { ...axis, name: xTitle, nameGap: 32 },
    yAxis: { ...axis, name: yTitle, nameGap: 84, inverse: true },
    visualMap: {
      show: false,
      min: 0,
      max: 1,
      dimension: 2,
      inRange: { color: [tokens.sunken, tokens.module] },
    },
    series: [
      {
        type: 'heatmap',
        data: cellsOf(rows),
        label: {
          show: rows.length <= MOST_NUMBERS,
          formatter: ({ value }: { value: [number, number, number, number] }) => String(value[3]),
          color: tokens.ink,
          textBorderColor: tokens.surface,
          textBorderWidth: 3,
        },
        itemStyle: { borderColor: tokens.surface, borderWidth: 2 },
      },
    ],
  }
}
