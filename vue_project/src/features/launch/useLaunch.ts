import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, readonly, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { algorithmsQuery } from '@/api/algorithms'
import { datasetsQuery } from '@/api/datasets'
import { modelsQuery } from '@/api/models'
import { ApiError } from '@/api/problem'
import { modularize, planQuery } from '@/api/submissions'
import { useDebounced } from '@/composables/useDebounced'
import { randomKey } from '@/lib/random'
import { changedSettings, type Settings } from '@/ui/schema'
import { isEachNamed, isNamed, kindOf, readDraft, toRequest, writeDraft, type Draft } from './draft'

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
  const algorithms = useQuery(
    computed(() => ({
      ...algorithmsQuery({ model: asked.value.model, kind: kindOf(asked.value) }),
      enabled: model.value !== undefined,
    })),
  )

  const algorithmName = computed(
    () => asked.value.algorithm || (algorithms.data.value?.items[0]?.name ?? ''),
  )
  const algorithm = computed(() =>
    algorithms.data.value?.items.find((a) => a.name === algorithmName.value),
  )
  const preset = computed(() => {
    const wanted = asked.value.preset || algorithm.value?.default_preset
    return algorithm.value?.presets.find((p) => p.name === wanted)
  })
  const base = computed(() => (preset.value?.settings ?? {}) as Settings)
  /** What is as in the preset anyway does not count as chosen. */
  const draft = computed(() => {
    if (!preset.value) return asked.value
    return { ...asked.value, settings: changedSettings(asked.value.settings, base.value) }
  })

  const makesEach = computed(() => algorithm.value?.target_kinds.includes('each') ?? false)
  const request = computed(() =>
    toRequest({ ...draft.value, algorithm: algorithmName.value }, { makesEach: makesEach.value }),
  )
  const settled = useDebounced(() => JSON.stringify(request.value))
  const isSettled = computed(() => settled.value === JSON.stringify(request.value))
  const isBegun = computed(() =>
    Boolean(
      model.value &&
      algorithm.value &&
      (makesEach.value ? isEachNamed(draft.value) : isNamed(draft.value)),
    ),
  )
  const plan = useQuery(
    computed(() => ({ ...planQuery(request.value), enabled: isBegun.value && isSettled.value })),
  )
  const faults = computed(() => {
    const error = isBegun.value ? plan.error.value : null
    return error instanceof ApiError ? error.faults : []
  })

  function change(part: Partial<Draft>) {
    void router.replace({ query: writeDraft({ ...draft.value, ...part }) })
  }

  function setSetting(name: string, value: Settings[string]) {
    change({ settings: changedSettings({ ...draft.value.settings, [name]: value }, base.value) })
  }

  // The same request keeps its key, so that sending it again after a lost answer is safe.
  let submissionKey = randomKey()
  watch(request, () => {
    submissionKey = randomKey()
  })
  const submission = useMutation({
    mutationFn: () => modularize(request.value, submissionKey),
    onSuccess: (job) => router.push({ name: 'job', params: { id: job.id } }),
  })

  return {
    draft,
    models,
    model,
    datasets,
    dataset,
    algorithms,
    algorithm,
    makesEach,
    preset,
    base,
    plan,
    faults: readonly(faults),
    isBegun,
    isSettled,
    submission,
    change,
    setSetting,
  }
}
