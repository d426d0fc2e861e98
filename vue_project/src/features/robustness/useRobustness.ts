import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { isOver, jobQuery } from '@/api/jobs'
import { attackModule, robustnessQuery, type AttackKind, type Robustness } from '@/api/robustness'

/**
 * What attacks found of a module, and the job that is finding more. The job is in the address, so
 * that it is still followed after a reload.
 */
export function useRobustness(moduleId: () => string) {
  const route = useRoute()
  const router = useRouter()
  const cache = useQueryClient()

  const found = useQuery(computed(() => robustnessQuery(moduleId())))
  const jobId = computed(() => {
    const given = route.query['attacking']
    return typeof given === 'string' ? given : ''
  })
  const job = useQuery(computed(() => ({ ...jobQuery(jobId.value), enabled: jobId.value !== '' })))
  const isRunning = computed(
    () => jobId.value !== '' && job.data.value !== undefined && !isOver(job.data.value.state),
  )
  const submission = useMutation({
    mutationFn: (attack: AttackKind) => attackModule(moduleId(), attack),
    onSuccess: ({ id }) => router.replace({ query: { ...route.query, attacking: id } }),
  })
  watch(
    () => job.data.value?.state,
    (state) => {
      if (state === 'succeeded') {
        void cache.invalidateQueries(robustnessQuery(moduleId()))
        void router.replace({ query: { ...route.query, attacking: undefined } })
      }
    },
  )

  return {
    found,
    // What is fetched loses its tuples on the way through a ref.
    reports: computed(() => (found.data.value?.items ?? []) as readonly Robustness[]),
    jobId,
    isBusy: computed(() => isRunning.value || submission.isPending.value),
    failure: computed(() => {
      if (submission.error.value) return submission.error.value.message
      const { state, error } = job.data.value ?? {}
      return jobId.value && (state === 'failed' || state === 'cancelled') ? (error ?? state) : ''
    }),
    attack: submission.mutate,
  }
}
