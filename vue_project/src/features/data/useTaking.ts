import { useMutation, useQueryClient, type QueryKey } from '@tanstack/vue-query'
import { watch } from 'vue'
import type { useUpload } from './useUpload'

interface Options<Taken> {
  take: (upload: string) => Promise<Taken>
  /** What is fetched anew afterwards. */
  changes: readonly QueryKey[]
  onFile?: (file: File) => void
}

/** Have a file that was sent taken in; another file begins anew. */
export function useTaking<Taken>(
  sending: ReturnType<typeof useUpload>,
  { take, changes, onFile }: Options<Taken>,
) {
  const cache = useQueryClient()
  const taking = useMutation({
    mutationFn: () => take(sending.id.value ?? ''),
    onSuccess: () => {
      sending.cancel({ isUsed: true })
      return Promise.all(changes.map((queryKey) => cache.invalidateQueries({ queryKey })))
    },
  })
  watch(sending.file, (file) => {
    if (!file) return
    onFile?.(file)
    taking.reset()
  })
  return taking
}
