import type { EChartsCoreOption } from 'echarts/core'
import { shareAxis } from './shareAxis'
import type { ScatterDots } from './scatter'

type Token = 'module' | 'original' | 'second' | 'ink' | 'ink-soft' | 'line' | 'surface'

interface Look {
  xTitle: string
  isShareX: boolean
  formatX: (x: number) => string
  formatY: (y: number) => string
  tokens: Readonly<Record<Token, string>>
}

function toSeries(
  { name, tone, dots, isMarked = false, isJoined = false }: ScatterDots,
  { tokens }: Look,
) {
  return {
    id: name,
    name,
    ...(isJoined
      ? {
          type: 'line',
          step: 'end',
          symbol: 'circle',
          lineStyle: { color: tokens[tone], width: 2 },
        }
      : { type: 'scatter' }),
    data: dots.map(({ x, y, title }) => ({ value: [x, y], name: title })),
    symbolSize: isMarked ? 16 : 9,
    itemStyle: {
      color: tokens[tone],
      opacity: isMarked ? 1 : 0.7,
      ...(isMarked && { borderColor: tokens.ink, borderWidth: 2 }),
    },
  }
}

/** Describe shares (0-1) over some measure to the chart library; axes are scaled to the data. */
export function scatterChartOption(groups: readonly ScatterDots[], look: Look): EChartsCoreOption {
  const { tokens, xTitle, isShareX, formatX, formatY } = look
  const text = { color: tokens['ink-soft'], fontSize: 12 }
  const dots = groups.flatMap((group) => group.dots)
  const axis = { type: 'value', scale: true, splitNumber: 4 }
  return {
    animation: false,
    grid: { left: 4, right: 24, top: 16, bottom: 28, containLabel: true },
    tooltip: {
      trigger: 'item',
      formatter: ({ name, value: [x, y] }: { name: string; value: [number, number] }) =>
        `${escapeHtml(name)}<br>${formatX(x)} · ${formatY(y)}`,
      backgroundColor: tokens.surface,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink },
    },
    xAxis: {
      ...axis,
      ...(isShareX && shareAxis(dots.map(({ x }) => x))),
      name: xTitle,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: text,
      axisLabel: { ...text, formatter: formatX },
      axisLine: { lineStyle: { color: tokens.line } },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis,
      ...shareAxis(dots.map(({ y }) => y)),
      axisLabel: { ...text, formatter: formatY },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    series: groups.map((group) => toSeries(group, look)),
  }
}

/** The chart library writes tooltips as HTML; names come from users. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
}
