import type { EChartsCoreOption } from 'echarts/core'
import { shareAxis } from './shareAxis'
import type { ChartLine } from './chart'

type Token = 'module' | 'original' | 'second' | 'ink' | 'ink-soft' | 'line' | 'surface'

interface Look {
  xTitle: string
  xMax: number | undefined
  isShare: boolean
  formatX?: ((x: number) => string) | undefined
  formatY: (y: number) => string
  tokens: Readonly<Record<Token, string>>
}

function toSeries(line: ChartLine, { tokens }: Look) {
  const color = tokens[line.tone]
  const marked = line.points.find(([x]) => x === line.marked)
  return {
    id: line.name,
    name: line.name,
    type: 'line',
    data: line.points,
    symbol: line.hasDots || (line.points.length === 1 && !line.isDashed) ? 'circle' : 'none',
    symbolSize: 6,
    color,
    lineStyle: { width: 2, type: line.isDashed ? 'dashed' : 'solid' },
    ...(marked && {
      markPoint: {
        symbol: 'circle',
        symbolSize: 10,
        data: [{ coord: [...marked] }],
        itemStyle: { color: tokens.surface, borderColor: color, borderWidth: 3 },
        label: { show: false },
      },
    }),
  }
}

/** Describe curves to the chart library; axes are scaled to the data, not to zero. */
export function lineChartOption(lines: readonly ChartLine[], look: Look): EChartsCoreOption {
  const { tokens, xTitle, xMax, isShare, formatX, formatY } = look
  const text = { color: tokens['ink-soft'], fontSize: 12 }
  const areSteps = lines.every(({ points }) => points.every(([x]) => Number.isInteger(x)))
  return {
    animation: false,
    grid: { left: 4, right: 16, top: 16, bottom: 28, containLabel: true },
    tooltip: {
      trigger: 'axis',
      valueFormatter: formatY,
      backgroundColor: tokens.surface,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink },
    },
    xAxis: {
      type: 'value',
      name: xTitle,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: text,
      min: 'dataMin',
      max: xMax ?? 'dataMax',
      ...(areSteps && { minInterval: 1 }),
      axisLabel: { ...text, showMaxLabel: true, ...(formatX && { formatter: formatX }) },
      axisLine: { lineStyle: { color: tokens.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      scale: true,
      ...(isShare && shareAxis(lines.flatMap(({ points }) => points.map(([, y]) => y)))),
      splitNumber: 4,
      axisLabel: { ...text, formatter: formatY },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    series: lines.map((line) => toSeries(line, look)),
  }
}
