import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useToasts } from '@/stores/toasts'

/** Cancel and retry something that works; what is shown of it is asked for anew either way. */
export function useControls(
  key: () => readonly string[],
  { cancel, retry }: { cancel: () => Promise<unknown>; retry: () => Promise<unknown> },
) {
  const cache = useQueryClient()
  const toasts = useToasts()
  const handlers = {
    onSuccess: () => cache.invalidateQueries({ queryKey: key() }),
    onError: (error: Error) => {
      toasts.show(error.message)
      return cache.invalidateQueries({ queryKey: key() })
    },
  }
  return {
    cancel: useMutation({ mutationFn: cancel, ...handlers }),
    retry: useMutation({ mutationFn: retry, ...handlers }),
  }
}
