import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, readonly, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { datasetsQuery } from '@/api/datasets'
import { ApiError } from '@/api/problem'
import { estimatorsPlanQuery, train, trainEstimators, trainPlanQuery } from '@/api/train'
import { useDebounced } from '@/composables/useDebounced'
import { randomKey } from '@/lib/random'
import { isBegun, isGroup, readDraft, toGroup, toRequest, writeDraft, type Draft } from './draft'

/** Everything the form knows: the draft in the address, the data sets, and the server's check. */
export function useTrain() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readDraft(route.query))
  const datasets = useQuery(datasetsQuery())
  const group = computed(() => isGroup(draft.value))
  const begun = computed(() => isBegun(draft.value))

  const typed = computed(() => JSON.stringify(draft.value))
  const settled = useDebounced(() => typed.value)
  const isSettled = computed(() => settled.value === typed.value)
  const isAsked = computed(() => begun.value && isSettled.value)
  const onePlan = useQuery(
    computed(() => ({
      ...trainPlanQuery(toRequest(draft.value)),
      enabled: isAsked.value && !group.value,
    })),
  )
  const groupPlan = useQuery(
    computed(() => ({
      ...estimatorsPlanQuery(toGroup(draft.value)),
      enabled: isAsked.value && group.value,
    })),
  )
  const plan = computed(() => (group.value ? groupPlan.data.value : onePlan.data.value))
  const failure = computed(() => (group.value ? groupPlan : onePlan).error.value)
  const faults = computed(() => {
    const error = begun.value ? failure.value : null
    return error instanceof ApiError ? error.faults : []
  })
  const isChecking = computed(
    () => !isSettled.value || (group.value ? groupPlan : onePlan).isFetching.value,
  )

  function change(part: Partial<Draft>) {
    void router.replace({ query: writeDraft({ ...draft.value, ...part }) })
  }

  // The same request keeps its key, so that sending it again after a lost answer is safe.
  let submissionKey = randomKey()
  watch(typed, () => {
    submissionKey = randomKey()
  })
  const submission = useMutation({
    mutationFn: async () =>
      group.value
        ? { name: 'sweep', id: (await trainEstimators(toGroup(draft.value), submissionKey)).id }
        : { name: 'job', id: (await train(toRequest(draft.value), submissionKey)).id },
    onSuccess: ({ name, id }) => router.push({ name, params: { id } }),
  })

  return {
    draft,
    datasets,
    begun,
    plan,
    failure,
    faults: readonly(faults),
    isChecking,
    submission,
    change,
  }
}
