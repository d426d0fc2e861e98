import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { datasetsQuery } from '@/api/datasets'
import { modelsQuery } from '@/api/models'
import { useCheck } from '@/composables/useCheck'
import { useFinetuneOffer } from '@/composables/useOffers'
import { changedSettings, type Settings, type SettingsSchema, type SettingValue } from '@/ui/schema'
import { readFinetuneDraft, toWork, writeFinetuneDraft, type FinetuneDraft } from './finetuneDraft'

/** Everything the form of a fine-tuning knows: the draft in the address, what there is, its check. */
export function useFinetune() {
  const route = useRoute()
  const router = useRouter()

  const asked = computed(() => readFinetuneDraft(route.query))
  const models = useQuery(modelsQuery())
  const datasets = useQuery(datasetsQuery())
  const recipe = useFinetuneOffer(() => asked.value.dataset || undefined)
  const presets = computed(() => recipe.data.value?.presets ?? [])
  const preset = computed(
    () => presets.value.find(({ name }) => name === asked.value.preset) ?? presets.value[0],
  )
  const base = computed(() => (preset.value?.settings ?? {}) as Settings)
  /** The share to remove has a field of its own, which takes several values. */
  const schema = computed((): SettingsSchema | undefined => {
    const whole = recipe.data.value?.settings_schema as SettingsSchema | undefined
    if (!whole || !preset.value) return undefined
    const fields = Object.entries(whole.properties).filter(([name]) => name !== 'prune_threshold')
    return { properties: Object.fromEntries(fields) }
  })
  /** What is as in the preset anyway does not count as chosen. */
  const draft = computed(() => {
    if (!preset.value) return asked.value
    return { ...asked.value, settings: changedSettings(asked.value.settings, base.value) }
  })
  const { check, faults, submit } = useCheck(
    () => (draft.value.model && draft.value.dataset ? toWork(draft.value) : undefined),
    { nameOf: (pointer) => schema.value?.properties[pointer.replace('/config/', '')]?.title ?? '' },
  )

  function change(part: Partial<FinetuneDraft>) {
    void router.replace({ query: writeFinetuneDraft({ ...draft.value, ...part }) })
  }

  return {
    draft,
    models,
    datasets,
    recipe,
    presets,
    preset,
    base,
    schema,
    check,
    faults,
    submit,
    change,
    setSetting(name: string, value: SettingValue) {
      change({ settings: changedSettings({ ...draft.value.settings, [name]: value }, base.value) })
    },
  }
}
