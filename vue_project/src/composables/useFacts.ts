import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Line } from '@/lib/lines'
import { useAlgorithms, useFinetuneOffer } from './useOffers'
import { useFormat } from './useFormat'

interface Setting {
  title?: string
  choices?: Record<string, string>
}

const SHARES = /accuracy|^rate$|^success$|^calibration_error$/

/**
 * Fields of requests and results, and settings of algorithms, in words that people read.
 *
 * Settings are called what their forms call them; what has no words here goes by its own name.
 */
export function useFacts() {
  const { t, te } = useI18n()
  const format = useFormat()
  const algorithms = useAlgorithms(() => ({}))
  const finetuning = useFinetuneOffer()

  const titles = computed(() => {
    const items = algorithms.data.value?.items ?? []
    return new Map(items.map(({ name, title }) => [name, title]))
  })
  const settings = computed(() => {
    const { data: offer } = finetuning
    const served = [
      ...(algorithms.data.value?.items ?? []).map((each) => [each.name, each] as const),
      ...(offer.value ? [['finetune', offer.value] as const] : []),
    ]
    return new Map(
      served.map(([name, { settings_schema }]) => [
        name,
        settings_schema['properties'] as Partial<Record<string, Setting>>,
      ]),
    )
  })
  const settingOf = (name: string, algorithm: string | undefined) =>
    algorithm === undefined ? undefined : settings.value.get(algorithm)?.[name]

  /** Call a field by its path, or by what it is part of and its last name. */
  function fieldName(path: string): string {
    const key = `facts.${path.replaceAll('.', '_')}`
    if (te(key, 'en')) return t(key)
    const [, whole, part] = /^(.*)\.(.*)$/.exec(path) ?? []
    if (whole && part) return t('facts.within', { whole: fieldName(whole), part: fieldName(part) })
    const [, budget] = /^accuracy_([\d.]+)$/.exec(path) ?? []
    return budget ? t('facts.under', { budget }) : path
  }

  function nameOf(name: string, algorithm?: string): string {
    return settingOf(name, algorithm)?.title ?? fieldName(name)
  }

  function valueOf([name, value]: Line, algorithm?: string): string {
    if (typeof value === 'boolean') return t(value ? 'facts.yes' : 'facts.no')
    if (typeof value === 'number') return numberOf(name, value)
    const choice = settingOf(name, algorithm)?.choices?.[value]
    if (choice) return choice
    if (name === 'algorithm') return titles.value.get(value) ?? value
    const names = [name.replaceAll('.', '_'), name.split('.').at(-1) ?? name]
    const key = names.map((each) => `facts.${each}_is_${value}`).find((each) => te(each, 'en'))
    return key ? t(key) : value
  }

  /** Numbers that were measured have more digits than they have meaning. */
  function numberOf(name: string, value: number): string {
    if (SHARES.test(name)) return format.ratio(value, 2)
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
  }

  const lineOf = (line: Line, algorithm?: string): [name: string, value: string] => [
    nameOf(line[0], algorithm),
    valueOf(line, algorithm),
  ]
  return { nameOf, valueOf, lineOf }
}
