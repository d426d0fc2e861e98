import { onScopeDispose, ref, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { usePreferences } from '@/stores/preferences'

/** Keep the page's theme and language as the reader, or their system, wants them. */
export function usePageLook() {
  const preferences = usePreferences()
  const { locale } = useI18n()
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
  const isSystemDark = ref(systemDark.matches)

  function onSystemChange(event: MediaQueryListEvent) {
    isSystemDark.value = event.matches
  }
  systemDark.addEventListener('change', onSystemChange)
  onScopeDispose(() => {
    systemDark.removeEventListener('change', onSystemChange)
  })

  watchEffect(() => {
    const system = isSystemDark.value ? 'dark' : 'light'
    const theme = preferences.theme === 'system' ? system : preferences.theme
    document.documentElement.dataset['theme'] = theme
  })
  watchEffect(() => {
    locale.value = preferences.locale
    document.documentElement.lang = preferences.locale
  })
}
