import { onScopeDispose, readonly, shallowRef } from 'vue'

/** Colours of the current theme for what CSS cannot paint; they follow a change of theme. */
export function useTokens<Name extends string>(...names: Name[]) {
  function read(): Record<Name, string> {
    const style = getComputedStyle(document.documentElement)
    const entries = names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])
    return Object.fromEntries(entries) as Record<Name, string>
  }

  const tokens = shallowRef(read())
  const observer = new MutationObserver(() => {
    tokens.value = read()
  })
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  onScopeDispose(() => {
    observer.disconnect()
  })
  return readonly(tokens)
}
