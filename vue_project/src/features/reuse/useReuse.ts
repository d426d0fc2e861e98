import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { modelsQuery } from '@/api/models'
import { useCheck } from '@/composables/useCheck'
import { isBegun, readDraft, toRequest, writeDraft, type Draft } from './draft'

/** Everything the form knows: the draft in the address, what there is, and its check. */
export function useReuse() {
  const route = useRoute()
  const router = useRouter()

  const draft = computed(() => readDraft(route.query))
  const models = useQuery(modelsQuery())
  const { check, faults, submit } = useCheck(() =>
    isBegun(draft.value) ? { kind: 'reuse', request: toRequest(draft.value) } : undefined,
  )
  /** Which module answers for what. */
  const pool = computed(() => {
    const { plan } = check.value
    return plan && 'pool' in plan ? plan.pool : undefined
  })

  function change(part: Partial<Draft>) {
    void router.replace({ query: writeDraft({ ...draft.value, ...part }) })
  }

  return { draft, models, pool, check, faults, submit, change }
}
