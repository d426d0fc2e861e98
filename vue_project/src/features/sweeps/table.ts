import type { Figures, SweepReport, SweepRow, SweepState, SweepSummary } from '@/api/sweeps'
import { sorted } from '@/lib/sorted'
import type { ScatterDots } from '@/ui/scatter'

/** What a column sorts by; rows without a value come last, whichever way. */
export type SortKey = keyof Figures | 'settings' | 'target' | 'seed' | 'state' | 'model'

interface Line {
  model: string
  settings: Record<string, unknown>
  figures: Figures | null
  target?: string
  seed?: number | null
  state?: string
}

const tones = {
  queued: 'neutral',
  running: 'busy',
  succeeded: 'good',
  partial: 'module',
  failed: 'bad',
  cancelled: 'neutral',
  interrupted: 'module',
} as const satisfies Record<SweepState | SweepRow['state'], string>

export function toneOf(state: keyof typeof tones) {
  return tones[state]
}

export const summaryLine = (summary: SweepSummary) => ({ ...summary, figures: summary.means })

function valueOf(line: Line, key: string): string | number | null {
  switch (key) {
    case 'settings':
      return JSON.stringify(line.settings)
    case 'model':
    case 'target':
    case 'seed':
    case 'state':
      return line[key] ?? null
    default:
      return line.figures?.[key as keyof Figures] ?? null
  }
}

/** Sort by `name`, or by `-name` downwards. */
export function sortLines<T extends Line>(lines: readonly T[], sort: string): T[] {
  return sorted(lines, { sort, valueOf })
}

interface Words {
  members: string
  settings: string
  chosen: string
  describe: (settings: Record<string, unknown>) => string
}

/** Accuracy on the validation images over weights kept: every job, every mean, what was chosen. */
export function scatterOf(
  report: SweepReport,
  { members, settings: all, chosen, describe }: Words,
): ScatterDots[] {
  const dot = (figures: Figures, title: string) => ({
    x: figures.retained_ratio,
    y: figures.module_accuracy_validation,
    title,
  })
  const rows = report.rows.flatMap(({ figures, target, settings }) =>
    figures ? [dot(figures, [target, describe(settings)].filter(Boolean).join(' · '))] : [],
  )
  const means = (isChosen: boolean) =>
    report.summaries
      .filter((summary) => summary.is_chosen === isChosen)
      .flatMap(({ means, settings, model }) =>
        means ? [dot(means, describe(settings) || model)] : [],
      )
  return [
    { name: members, tone: 'original', dots: rows },
    { name: all, tone: 'second', dots: means(false), isMarked: true },
    { name: chosen, tone: 'module', dots: means(true), isMarked: true },
  ]
}
