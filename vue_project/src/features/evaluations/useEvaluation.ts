import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { evaluationsQuery, evaluationWork, type Subject } from '@/api/evaluations'
import { isOver, jobQuery } from '@/api/jobs'
import { planQuery, submit } from '@/api/submissions'
import { randomKey } from '@/lib/random'

/**
 * What was found of a model or module, what finding more would cost, and the job that is doing so.
 * The job is in the address, so that it is still followed after a reload.
 */
export function useEvaluation(subject: () => Subject, dataset: () => string) {
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
  const work = computed(() => evaluationWork(subject(), dataset()))
  const plan = useQuery(computed(() => planQuery(work.value)))
  const submission = useMutation({
    mutationFn: () => submit(work.value, randomKey()),
    onSuccess: ({ params: { id } }) =>
      router.replace({ query: { ...route.query, evaluating: id } }),
  })

  watch(
    () => job.data.value?.state,
    (state) => {
      if (state === 'succeeded') {
        void cache.invalidateQueries(evaluationsQuery(subject()))
        void cache.invalidateQueries(planQuery(work.value))
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

  return {
    evaluations,
    plan,
    jobId,
    isBusy,
    failure,
    evaluate: () => {
      submission.mutate()
    },
  }
}
