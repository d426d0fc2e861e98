import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { modelsQuery } from '@/api/models'
import { useCheck } from '@/composables/useCheck'
import { useAlgorithms } from '@/composables/useOffers'
import type { SettingsSchema } from '@/ui/schema'
import { useMethod } from '@/ui/useMethod'
import { readDraft, sizeOf, toRequest, writeDraft, type Draft } from './draft'

/** Everything the form knows: the draft in the address, what there is, and its check. */
export function useNewSweep() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readDraft(route.query))
  const models = useQuery(modelsQuery())
  const model = computed(() =>
    models.data.value?.items.find(({ name }) => name === draft.value.models[0]),
  )
  const kind = computed(() => {
    const { targets, random } = draft.value
    const isOne = targets === 'random' ? random === '1' : targets !== 'every group'
    return isOne ? 'binary' : 'multi-class'
  })
  const offered = useAlgorithms(() => ({
    model: draft.value.models[0] ?? '',
    kind: kind.value,
    ...sizeOf(draft.value),
    isEnabled: model.value !== undefined,
  }))
  const algorithms = computed(() =>
    (offered.data.value?.items ?? []).filter((each) => each.target_kinds.includes(kind.value)),
  )
  const { algorithmName, algorithm, preset, base } = useMethod(
    () => algorithms.value,
    () => draft.value,
  )
  const schema = computed(() => algorithm.value?.settings_schema as SettingsSchema | undefined)

  const lacksCount = computed(() => draft.value.targets === 'random' && !draft.value.random)
  /** Faults of settings are named after their field, which may be far down the page. */
  function nameOf(pointer: string): string {
    const [, place = '', name = ''] = pointer.split('/')
    return (['settings', 'grid'].includes(place) && schema.value?.properties[name]?.title) || ''
  }
  const { check, faults, submit } = useCheck(
    () => {
      const isBegun = draft.value.models.length > 0 && algorithmName.value && !lacksCount.value
      if (!isBegun) return undefined
      const request = toRequest({ ...draft.value, algorithm: algorithmName.value })
      return { kind: 'sweeps', request }
    },
    { nameOf },
  )

  function change(part: Partial<Draft>) {
    void router.replace({ query: writeDraft({ ...draft.value, ...part }) })
  }

  /** Keep what was typed, unless it is what the preset says anyway. */
  function setValue(name: string, text: string) {
    const others = Object.entries(draft.value.values).filter(([other]) => other !== name)
    const isAsPreset = text.trim() === '' || text === String(base.value[name])
    const values = Object.fromEntries(isAsPreset ? others : [...others, [name, text]])
    change({ values })
  }

  return {
    draft,
    models,
    model,
    offered,
    algorithms,
    algorithm,
    preset,
    base,
    schema,
    check,
    faults,
    submit,
    change,
    setValue,
  }
}
