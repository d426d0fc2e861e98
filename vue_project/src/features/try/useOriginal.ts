import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { modelsQuery } from '@/api/models'
import type { Manifest } from '@/api/modules'
import { networkQuery, writeNetwork } from '@/api/predict'
import { ApiError } from '@/api/problem'

const HTTP_CONFLICT = 409
const BETWEEN_QUESTIONS_MS = 2000
const MOST_QUESTIONS = 30

const isStillWriting = (error: Error) => error instanceof ApiError && error.status === HTTP_CONFLICT

/** The network that a module is compared with: whether it is kept as a file, and how to get it. */
export function useOriginal(manifest: () => Manifest) {
  const cache = useQueryClient()
  const key = computed(() => manifest().original_network ?? '')
  const network = useQuery(
    computed(() => ({ ...networkQuery(key.value), enabled: key.value !== '' })),
  )
  const models = useQuery(modelsQuery())
  const model = computed(() => {
    const { name, weights_sha256 } = manifest().model
    return models.data.value?.items.find(
      (each) => each.name === name && each.weights_sha256 === weights_sha256,
    )
  })
  const writing = useMutation({
    mutationFn: () => writeNetwork(manifest().model.name),
    retry: (times, error) => isStillWriting(error) && times < MOST_QUESTIONS,
    retryDelay: BETWEEN_QUESTIONS_MS,
    onSuccess: (written) => {
      cache.setQueryData(networkQuery(key.value).queryKey, written)
    },
  })

  return {
    /** Undefined while it is not known; null if there is none. */
    original: computed(() => {
      const found = network.data.value ?? writing.data.value
      if (found) return found
      return key.value === '' || network.isFetched.value ? null : undefined
    }),
    canWrite: computed(() => model.value !== undefined),
    isWriting: writing.isPending,
    failure: writing.error,
    write: () => {
      writing.mutate()
    },
  }
}
