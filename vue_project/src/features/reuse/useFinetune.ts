import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, readonly, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { datasetsQuery } from '@/api/datasets'
import { finetuningsPlanQuery, submitFinetunings } from '@/api/finetune'
import { modelsQuery } from '@/api/models'
import { ApiError } from '@/api/problem'
import { reusePlanQuery, submitReuse } from '@/api/reuse'
import { useDebounced } from '@/composables/useDebounced'
import { randomKey } from '@/lib/random'
import {
  readFinetuneDraft,
  toFinetunings,
  toSingle,
  writeFinetuneDraft,
  type FinetuneDraft,
} from './finetuneDraft'

/** Everything the form of a fine-tuning knows: the draft in the address, what there is, its check. */
export function useFinetune() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readFinetuneDraft(route.query))
  const models = useQuery(modelsQuery())
  const datasets = useQuery(datasetsQuery())
  const several = computed(() => toFinetunings(draft.value))
  const single = computed(() => toSingle(draft.value))
  const request = computed(() => JSON.stringify(single.value ?? several.value))
  const settled = useDebounced(request)
  const isSettled = computed(() => settled.value === request.value)
  const isBegun = computed(() => draft.value.model !== '' && draft.value.dataset !== '')
  const isAsked = computed(() => isBegun.value && isSettled.value)

  const sweepPlan = useQuery(
    computed(() => ({
      ...finetuningsPlanQuery(several.value),
      enabled: isAsked.value && !single.value,
    })),
  )
  const jobPlan = useQuery(
    computed(() => ({
      ...reusePlanQuery(single.value as NonNullable<typeof single.value>),
      enabled: isAsked.value && single.value !== undefined,
    })),
  )
  const plan = computed(() => (single.value ? jobPlan.data.value : sweepPlan.data.value))
  const checking = computed(() => (single.value ? jobPlan : sweepPlan))
  const error = computed(() => (isBegun.value ? checking.value.error.value : null))

  // The same request keeps its key, so that sending it again after a lost answer is safe.
  let submissionKey = randomKey()
  watch(request, () => {
    submissionKey = randomKey()
  })
  const submission = useMutation({
    mutationFn: async () => {
      if (!single.value) {
        const { id } = await submitFinetunings(several.value, submissionKey)
        return { name: 'sweep', params: { id } }
      }
      const { id } = await submitReuse(single.value, submissionKey)
      return { name: 'job', params: { id } }
    },
    onSuccess: (page) => router.push(page),
  })

  return {
    draft,
    models,
    datasets,
    plan,
    notes: computed(() => (single.value ? (jobPlan.data.value?.notes ?? []) : [])),
    /** How many fine-tunings it is. */
    count: computed(() => (single.value ? 1 : (sweepPlan.data.value?.num_jobs ?? 1))),
    error,
    faults: readonly(computed(() => (error.value instanceof ApiError ? error.value.faults : []))),
    isBegun,
    isChecking: computed(() => !isSettled.value || checking.value.isFetching.value),
    submission,
    change(part: Partial<FinetuneDraft>) {
      void router.replace({ query: writeFinetuneDraft({ ...draft.value, ...part }) })
    },
  }
}
