import { defineStore } from 'pinia'
import { reactive, toRefs, watch } from 'vue'

export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const STORAGE_KEY = 'modelfoundry.preferences'

interface Preferences {
  locale: Locale
  theme: Theme
  isIntroDismissed: boolean
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.some((known) => known === value)
}

/** Read what an earlier visit left; anything unknown or broken falls back to the defaults. */
export function readPreferences(stored: string | null, languages: readonly string[]): Preferences {
  const preferred: Locale = languages[0]?.startsWith('zh') ? 'zh-CN' : 'en'
  let saved: Record<string, unknown> = {}
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) saved = { ...parsed }
  } catch {
    saved = {}
  }
  return {
    locale: isOneOf(locales, saved['locale']) ? saved['locale'] : preferred,
    theme: isOneOf(themes, saved['theme']) ? saved['theme'] : 'system',
    isIntroDismissed: saved['isIntroDismissed'] === true,
  }
}

/** Language, theme and what the reader no longer wants to see; kept in this browser. */
export const usePreferences = defineStore('preferences', () => {
  const state = reactive(readPreferences(localStorage.getItem(STORAGE_KEY), navigator.languages))
  watch(state, (now) => {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(now))
  })
  return toRefs(state)
})
