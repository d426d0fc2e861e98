import { useQueries } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import { jobQuery } from '@/api/jobs'
import { moduleQuery } from '@/api/modules'
import { useJobTitle } from '@/composables/useJobTitle'
import { subjectOfJob, subjectOfModule, type Subject } from './subjects'

export const LEAST = 2
export const MOST = 6

export type Kind = 'modules' | 'jobs'

/** What is compared; all of it is in the address. */
export function useCompared() {
  const route = useRoute()
  const router = useRouter()
  const text = (name: string) => {
    const given = route.query[name]
    return typeof given === 'string' ? given : ''
  }

  const titleOf = useJobTitle()
  const kind = computed((): Kind => (route.query['jobs'] === undefined ? 'modules' : 'jobs'))
  const ids = computed(() =>
    [...new Set(text(kind.value).split(',').filter(Boolean))].slice(0, MOST),
  )
  const modules = useQueries({
    queries: computed(() => (kind.value === 'modules' ? ids.value.map(moduleQuery) : [])),
  })
  const jobs = useQueries({
    queries: computed(() => (kind.value === 'jobs' ? ids.value.map(jobQuery) : [])),
  })

  const answers = computed(() => (kind.value === 'modules' ? modules.value : jobs.value))
  const isLoading = computed(() => answers.value.some(({ isPending }) => isPending))
  const subjects = computed((): Subject[] =>
    kind.value === 'modules'
      ? modules.value.flatMap(({ data }) => (data ? [subjectOfModule(data)] : []))
      : jobs.value.flatMap(({ data }) =>
          data ? [subjectOfJob({ ...data, title: titleOf(data) })] : [],
        ),
  )
  const missing = computed(() =>
    answers.value.flatMap(({ error }, at) =>
      error ? [{ id: ids.value[at] ?? '', reason: error.message }] : [],
    ),
  )

  function change(query: LocationQueryRaw) {
    void router.replace({ query: { ...route.query, ...query } })
  }

  /** Compare others of the same kind. */
  function compare(wanted: readonly string[]) {
    change({ [kind.value]: wanted.join(',') })
  }

  /** Begin anew with the other kind. */
  function changeKind(wanted: Kind) {
    void router.replace({ query: { [wanted]: '' } })
  }

  return { kind, ids, subjects, missing, isLoading, text, change, compare, changeKind }
}
