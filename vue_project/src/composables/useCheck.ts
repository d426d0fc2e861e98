import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useRouter } from 'vue-router'
import { ApiError } from '@/api/problem'
import { planQuery, submit, type Plan, type Work } from '@/api/submissions'
import { randomKey } from '@/lib/random'
import type { Fault } from '@/lib/pointer'
import { useDebounced } from './useDebounced'
import { useJobTitle, useSweepTitle } from './useJobTitle'

/** What the server says of a form, as far as it is filled in. */
export interface Check {
  /** Whether enough is chosen to be checked. */
  isBegun: boolean
  isChecking: boolean
  isSubmitting: boolean
  plan: Plan | undefined
  problems: readonly string[]
}

/** Whether the work can be asked for just now. */
export function canSubmit({ isChecking, plan, problems }: Check): boolean {
  return !isChecking && plan !== undefined && problems.length === 0
}

/**
 * Check work while it is being described, and submit it; the page of the new job or sweep opens.
 * Without work, too little is chosen yet. `nameOf` names the field that a fault points at.
 */
export function useCheck(
  work: () => Work | undefined,
  { nameOf = () => '' }: { nameOf?: (pointer: string) => string } = {},
) {
  const router = useRouter()
  const jobTitle = useJobTitle()
  const sweepTitle = useSweepTitle()
  const current = computed(work)
  const typed = computed(() => JSON.stringify(current.value))
  const settled = useDebounced(typed)
  const isSettled = computed(() => settled.value === typed.value)
  const plan = useQuery(computed(() => ({ ...planQuery(current.value), enabled: isSettled.value })))

  // The same work keeps its key, so that sending it again after a lost answer is safe.
  let key = randomKey()
  const submission = useMutation({
    mutationFn: (wanted: Work) => submit(wanted, key),
    onSuccess: (page) => router.push(page),
  })
  watch(typed, () => {
    key = randomKey()
    submission.reset()
  })
  // What kept the work from being sent is over, as far as a newer check can tell.
  watch(plan.dataUpdatedAt, () => {
    submission.reset()
  })

  const failure = computed(() =>
    current.value ? (submission.error.value ?? plan.error.value) : null,
  )
  const faults = computed(() => (failure.value instanceof ApiError ? failure.value.faults : []))
  const problems = computed(() => {
    if (!failure.value) return []
    const listed = faults.value.map((fault) => describe(fault))
    return listed.length > 0 ? [...new Set(listed)] : [failure.value.message]
  })

  /** The work's title is English in the answer. */
  function titled(wanted: Work, answer: Plan): Plan {
    const { kind, request } = wanted
    const { title } = answer
    return {
      ...answer,
      title:
        'plan' in answer
          ? jobTitle({ kind, title, request: answer.plan })
          : sweepTitle({ title, request, num_jobs: answer.num_jobs }),
    }
  }

  function describe({ pointer, message }: Fault): string {
    const name = nameOf(pointer)
    return name ? `${name}: ${message}` : message
  }

  return {
    faults,
    check: computed((): Check => ({
      isBegun: current.value !== undefined,
      isChecking: !isSettled.value || plan.isFetching.value,
      isSubmitting: submission.isPending.value,
      plan: current.value && plan.data.value && titled(current.value, plan.data.value),
      problems: problems.value,
    })),
    submit() {
      if (current.value) submission.mutate(current.value)
    },
  }
}
