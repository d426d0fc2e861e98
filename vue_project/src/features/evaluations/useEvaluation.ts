import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { evaluate, evaluationsQuery, type Subject } from '@/api/evaluations'
import { isOver, jobQuery } from '@/api/jobs'

/**
 * What was found of a model or module, and the job that is finding more. The job is in the address, so that
 * it is still followed after a reload.
 */
export function useEvaluation(subject: () => Subject) {
  const route = useRoute()
  const router = useRouter()
  const cache = useQueryClient()

  const evaluations = useQuery(computed(() => evaluationsQuery(subject())))
  const jobId = computed(() => {
    const given = route.query['evaluating']
    return typeof given === 'string' ? given : ''
  })
  const job = useQuery(computed(() => ({ ...jobQuery(jobId.value), enabled: jobId.value !== '' })))
  const isRunning = computed(
    () => jobId.value !== '' && job.data.value !== undefined && !isOver(job.data.value.state),
  )
  const submission = useMutation({
    mutationFn: (dataset: string) => evaluate(subject(), dataset),
    onSuccess: ({ id }) => router.replace({ query: { ...route.query, evaluating: id } }),
  })

  watch(
    () => job.data.value?.state,
    (state) => {
      if (state === 'succeeded') {
        void cache.invalidateQueries(evaluationsQuery(subject()))
        void router.replace({ query: { ...route.query, evaluating: undefined } })
      }
    },
  )
  const failure = computed(() => {
    if (submission.error.value) return submission.error.value.message
    const { state, error } = job.data.value ?? {}
    return jobId.value && (state === 'failed' || state === 'cancelled') ? (error ?? state) : ''
  })
  const isBusy = computed(() => isRunning.value || submission.isPending.value)

  return { evaluations, jobId, isBusy, failure, evaluate: submission.mutate }
}
