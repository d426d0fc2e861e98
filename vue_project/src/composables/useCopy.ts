import { onScopeDispose, readonly, ref } from 'vue'

const CONFIRMED_MS = 2000

/** Copy text and say for a moment that it was done. Browsers offer no clipboard to plain HTTP. */
export function useCopy() {
  const canCopy = 'clipboard' in navigator
  const isCopied = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function copy(text: string) {
    await navigator.clipboard.writeText(text)
    isCopied.value = true
    clearTimeout(timer)
    timer = setTimeout(() => {
      isCopied.value = false
    }, CONFIRMED_MS)
  }

  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return { canCopy, isCopied: readonly(isCopied), copy }
}
