import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, readonly, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { modelsQuery } from '@/api/models'
import { ApiError } from '@/api/problem'
import { reusePlanQuery, submitReuse } from '@/api/reuse'
import { useDebounced } from '@/composables/useDebounced'
import { randomKey } from '@/lib/random'
import { isBegun as isBegunWith, readDraft, toRequest, writeDraft, type Draft } from './draft'

/** Everything the form knows: the draft in the address, what there is, and its check. */
export function useReuse() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readDraft(route.query))
  const models = useQuery(modelsQuery())
  const request = computed(() => toRequest(draft.value))
  const settled = useDebounced(() => JSON.stringify(request.value))
  const isSettled = computed(() => settled.value === JSON.stringify(request.value))
  const isBegun = computed(() => isBegunWith(draft.value))
  const plan = useQuery(
    computed(() => ({
      ...reusePlanQuery(request.value),
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

  // The same request keeps its key, so that sending it again after a lost answer is safe.
  let submissionKey = randomKey()
  watch(request, () => {
    submissionKey = randomKey()
  })
  const submission = useMutation({
    mutationFn: () => submitReuse(request.value, submissionKey),
    onSuccess: (job) => router.push({ name: 'job', params: { id: job.id } }),
  })

  return {
    draft,
    models,
    plan,
    faults: readonly(faults),
    isBegun,
    isChecking: computed(() => !isSettled.value || plan.isFetching.value),
    submission,
    change,
  }
}
