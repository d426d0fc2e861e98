import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { datasetsQuery } from '@/api/datasets'
import { useCheck } from '@/composables/useCheck'
import { isBegun, readDraft, toWork, writeDraft, type Draft } from './draft'

/** Everything the form knows: the draft in the address, the data sets, and the server's check. */
export function useTrain() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readDraft(route.query))
  const datasets = useQuery(datasetsQuery())
  const { check, faults, submit } = useCheck(() =>
    isBegun(draft.value) ? toWork(draft.value) : undefined,
  )

  function change(part: Partial<Draft>) {
    void router.replace({ query: writeDraft({ ...draft.value, ...part }) })
  }

  return { draft, datasets, check, faults, submit, change }
}
