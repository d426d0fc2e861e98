import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, readonly, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { algorithmsQuery, type AlgorithmList } from '@/api/algorithms'
import { modelsQuery } from '@/api/models'
import { ApiError } from '@/api/problem'
import { submitSweep, sweepPlanQuery } from '@/api/sweeps'
import { useDebounced } from '@/composables/useDebounced'
import { randomKey } from '@/lib/random'
import type { Settings, SettingsSchema } from '@/ui/schema'
import { readDraft, toRequest, writeDraft, type Draft } from './draft'

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
  const algorithms = useQuery(
    computed(() => ({
      ...algorithmsQuery({ model: draft.value.models[0] ?? '', kind: kind.value }),
      select: ({ items }: AlgorithmList) => ({
        items: items.filter(({ target_kinds }) => target_kinds.includes(kind.value)),
      }),
      enabled: model.value !== undefined,
    })),
  )
  const algorithmName = computed(
    () => draft.value.algorithm || (algorithms.data.value?.items[0]?.name ?? ''),
  )
  const algorithm = computed(() =>
    algorithms.data.value?.items.find(({ name }) => name === algorithmName.value),
  )
  const preset = computed(() => {
    const wanted = draft.value.preset || algorithm.value?.default_preset
    return algorithm.value?.presets.find(({ name }) => name === wanted)
  })
  const base = computed(() => (preset.value?.settings ?? {}) as Settings)
  const schema = computed(() => algorithm.value?.settings_schema as SettingsSchema | undefined)

  const request = computed(() => toRequest({ ...draft.value, algorithm: algorithmName.value }))
  const settled = useDebounced(() => JSON.stringify(request.value))
  const isSettled = computed(() => settled.value === JSON.stringify(request.value))
  const lacksCount = computed(() => draft.value.targets === 'random' && !draft.value.random)
  const isBegun = computed(() =>
    Boolean(draft.value.models.length > 0 && algorithmName.value && !lacksCount.value),
  )
  const plan = useQuery(
    computed(() => ({
      ...sweepPlanQuery(request.value),
      enabled: isBegun.value && isSettled.value,
    })),
  )
  const faults = computed(() => {
    const error = isBegun.value ? plan.error.value : null
    return error instanceof ApiError ? error.faults : []
  })

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

  // The same request keeps its key, so that sending it again after a lost answer is safe.
  let submissionKey = randomKey()
  watch(request, () => {
    submissionKey = randomKey()
  })
  const submission = useMutation({
    mutationFn: () => submitSweep(request.value, submissionKey),
    onSuccess: (sweep) => router.push({ name: 'sweep', params: { id: sweep.id } }),
  })

  return {
    draft,
    models,
    model,
    algorithms,
    algorithm,
    preset,
    base,
    schema,
    plan,
    faults: readonly(faults),
    isBegun,
    isSettled,
    submission,
    change,
    setValue,
  }
}
