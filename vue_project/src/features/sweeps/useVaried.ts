import { useI18n } from 'vue-i18n'
import type { SweepReport } from '@/api/sweeps'
import { useFacts } from '@/composables/useFacts'
import { linesOf } from '@/lib/lines'

/** A function that says the settings which a sweep varies, as their form calls them. */
export function useVaried(report: () => SweepReport) {
  const { t } = useI18n()
  const { lineOf } = useFacts()
  return (settings: Record<string, unknown>): string => {
    const { algorithm } = report().request as { algorithm?: string }
    return linesOf(settings)
      .map((line) => lineOf(line, algorithm))
      .map(([whole, part]) => t('facts.within', { whole, part }))
      .join(t('facts.comma'))
  }
}
