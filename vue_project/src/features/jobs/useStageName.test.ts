import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { en, zhCN } from './messages'
import { useStageName } from './useStageName'

/** The names of stages on a page in Chinese. */
function inChinese(stages: string[]): string[] {
  const messages = { en, 'zh-CN': zhCN }
  const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: 'en', messages })
  const setup = () => {
    const nameOf = useStageName()
    return { names: stages.map(nameOf) }
  }
  const page = mount({ setup, template: '<p />' }, { global: { plugins: [i18n] } })
  return (page.vm as unknown as { names: string[] }).names
}

it("names stages in the reader's language", () => {
  expect(inChinese(['search', 'scoring (test)', 'budget 4 of 255'])).toEqual([
    '搜索',
    '在测试图像上评分',
    '扰动 4/255',
  ])
})

it("keeps the server's word for a stage that is new", () => {
  expect(inChinese(['painting (red)'])).toEqual(['painting (red)'])
})
