import { createI18n } from 'vue-i18n'
import * as facts from '@/composables/factMessages'
import * as benchmark from '@/features/benchmark/messages'
import * as catalog from '@/features/catalog/messages'
import * as compare from '@/features/compare/messages'
import * as data from '@/features/data/messages'
import * as evaluations from '@/features/evaluations/messages'
import * as jobs from '@/features/jobs/messages'
import * as launch from '@/features/launch/messages'
import * as models from '@/features/models/messages'
import * as modules from '@/features/modules/messages'
import * as reuse from '@/features/reuse/messages'
import * as robustness from '@/features/robustness/messages'
import * as settings from '@/features/settings/messages'
import * as sweeps from '@/features/sweeps/messages'
import * as train from '@/features/train/messages'
import * as tryOut from '@/features/try/messages'
import type { Locale } from '@/stores/preferences'
import * as ui from '@/ui/messages'
import * as app from './messages'

const parts = [
  ui,
  facts,
  app,
  benchmark,
  catalog,
  launch,
  jobs,
  sweeps,
  train,
  models,
  modules,
  evaluations,
  compare,
  data,
  reuse,
  tryOut,
  robustness,
  settings,
]

/** Every text on screen, by language; each part of the program brings its own. */
export const messages = {
  en: Object.assign({}, ...parts.map((part) => part.en)) as Record<string, Record<string, string>>,
  'zh-CN': Object.assign({}, ...parts.map((part) => part.zhCN)) as Record<
    string,
    Record<string, string>
  >,
}

export function makeI18n(locale: Locale) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages })
}
