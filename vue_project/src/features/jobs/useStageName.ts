import { useI18n } from 'vue-i18n'

/** What a stage of a job is called in the reader's language; the server's word where it has none. */
export function useStageName() {
  const { t, te } = useI18n()
  return (stage: string) => {
    const budget = /^budget (\S+) of 255$/.exec(stage)?.[1]
    if (budget) return t('jobs.stage_budget', { budget })
    const key = `jobs.stage_${(stage.match(/\w+/g) ?? []).join('_')}`
    return te(key) ? t(key) : stage
  }
}
