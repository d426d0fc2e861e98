import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { datasetsQuery } from '@/api/datasets'
import { modelsQuery } from '@/api/models'
import { useCheck } from '@/composables/useCheck'
import { useAlgorithms } from '@/composables/useOffers'
import { changedSettings, type Settings, type SettingsSchema } from '@/ui/schema'
import { useMethod } from '@/ui/useMethod'
import {
  asEach,
  isNamed,
  kindOf,
  placeInForm,
  readDraft,
  sizeOf,
  toWork,
  writeDraft,
  type Draft,
} from './draft'

/** Everything the launch page knows: the draft in the address, what there is, and its check. */
export function useLaunch() {
  const route = useRoute()
  const router = useRouter()

  const asked = computed(() => readDraft(route.query))
  const models = useQuery(modelsQuery())
  const model = computed(() => models.data.value?.items.find((m) => m.name === asked.value.model))
  const datasets = useQuery(
    computed(() => ({ ...datasetsQuery(), enabled: asked.value.way === 'group' })),
  )
  const dataset = computed(() =>
    datasets.data.value?.items.find(({ name }) => name === model.value?.dataset),
  )
  const algorithms = useAlgorithms(() => ({
    model: asked.value.model,
    kind: kindOf(asked.value),
    ...sizeOf(asked.value, dataset.value?.groups ?? []),
    isEnabled: model.value !== undefined,
  }))

  const { algorithmName, algorithm, preset, base } = useMethod(
    () => algorithms.data.value?.items ?? [],
    () => asked.value,
  )
  const isJoint = computed(() => algorithm.value?.target_kinds.includes('each') ?? false)
  /** What is as in the preset anyway does not count as chosen. */
  const draft = computed(() => {
    const known = isJoint.value ? asEach(asked.value) : asked.value
    if (!preset.value) return known
    return { ...known, settings: changedSettings(known.settings, base.value) }
  })

  const schema = computed(() => algorithm.value?.settings_schema as SettingsSchema | undefined)
  /** Faults of settings are named after their field, which may be far down the page. */
  function nameOf(pointer: string): string {
    return schema.value?.properties[pointer.replace('/settings/', '')]?.title ?? ''
  }
  const { check, faults, submit } = useCheck(
    () => {
      if (!model.value || !algorithm.value || !isNamed(draft.value)) return undefined
      const named = { ...draft.value, algorithm: algorithmName.value }
      return toWork(named, { isJoint: isJoint.value, known: model.value.classes })
    },
    { nameOf },
  )

  function change(part: Partial<Draft>) {
    const { amount, way } = asked.value
    void router.replace({ query: writeDraft({ ...draft.value, amount, way, ...part }) })
  }

  return {
    draft,
    models,
    model,
    datasets,
    dataset,
    algorithms,
    algorithm,
    schema,
    isJoint,
    preset,
    base,
    check,
    faults: computed(() =>
      faults.value.map(({ pointer, message }) => ({ pointer: placeInForm(pointer), message })),
    ),
    submit,
    change,
    setSetting(name: string, value: Settings[string]) {
      change({ settings: changedSettings({ ...draft.value.settings, [name]: value }, base.value) })
    },
  }
}
