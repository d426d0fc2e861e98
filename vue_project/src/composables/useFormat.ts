import { useI18n } from 'vue-i18n'
import * as format from '@/lib/format'

type Maybe = number | null | undefined

/** The functions of `lib/format` in the reader's language; they follow when it changes. */
export function useFormat() {
  const { locale } = useI18n()
  return {
    ratio: (value: Maybe, digits?: number) => format.formatRatio(value, locale.value, digits),
    points: (value: Maybe) => format.formatPoints(value, locale.value),
    count: (value: Maybe) => format.formatCount(value, locale.value),
    compact: (value: Maybe) => format.formatCompact(value, locale.value),
    number: (value: Maybe) => format.formatNumber(value, locale.value),
    bytes: (value: Maybe) => format.formatBytes(value, locale.value),
    duration: (value: Maybe) => format.formatDuration(value, locale.value),
    time: (iso: string | null | undefined) => format.formatTime(iso, locale.value),
    clock: (iso: string) => format.formatClock(iso, locale.value),
  }
}
