import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** How a table is sorted; it lives in the address under a name of its own. */
export function useSort(name: string) {
  const route = useRoute()
  const router = useRouter()
  const sort = computed(() => {
    const given = route.query[name]
    return typeof given === 'string' ? given : ''
  })

  function setSort(wanted: string) {
    void router.replace({ query: { ...route.query, [name]: wanted || undefined } })
  }

  return { sort, setSort }
}
