import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { algorithmsQuery } from '@/api/algorithms'
import { finetuneSettingsQuery } from '@/api/finetune'
import { en, zhCN } from './factMessages'
import { useFacts } from './useFacts'

const properties = { alpha: { title: 'Weight charge (alpha)' }, recover: { title: 'Recovery' } }
const offer = { settings_schema: { properties }, presets: [] }

/** What the composable gives a component, when the server has answered. */
function factsIn(locale: 'en' | 'zh-CN') {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  const algorithm = { ...offer, name: 'seam', title: 'SeaM', summary: 'Searches.' }
  queryClient.setQueryData(algorithmsQuery({}).queryKey, { items: [algorithm] } as never)
  queryClient.setQueryData(finetuneSettingsQuery().queryKey, offer as never)
  const i18n = createI18n({ legacy: false, locale, messages: { en, 'zh-CN': zhCN } })
  const found: ReturnType<typeof useFacts>[] = []
  mount(
    { setup: () => void found.push(useFacts()), render: () => null },
    { global: { plugins: [i18n, [VueQueryPlugin, { queryClient }]] } },
  )
  return found[0]
}
const english = factsIn('en')
const chinese = factsIn('zh-CN')

it('calls settings what their form calls them, and values too', () => {
  expect(english?.lineOf(['alpha', 0.5], 'seam')).toEqual(['Weight charge (alpha)', '0.5'])
  expect(chinese?.lineOf(['recover', 'full'], 'seam')).toEqual(['恢复训练', '全部'])
})

it('calls other fields by their path, or by what they are part of', () => {
  expect(english?.lineOf(['target.kind', 'binary'])).toEqual([
    'Kind of target',
    'One class or group against the rest',
  ])
  expect(chinese?.nameOf('attack.settings.steps')).toBe('攻击：步数')
})

it('writes shares, truth values and algorithms in words', () => {
  expect(english?.lineOf(['test_accuracy', 0.98765])).toEqual(['Accuracy on test images', '98.77%'])
  expect(chinese?.lineOf(['flip', true])).toEqual(['随机翻转', '是'])
  expect(english?.valueOf(['algorithm', 'seam'])).toBe('SeaM')
  expect(english?.nameOf('accuracy_4')).toBe('Accuracy when pixels may move by 4/255')
})

it('leaves what has no words as it is', () => {
  expect(english?.lineOf(['brand_new', 'some thing'])).toEqual(['brand_new', 'some thing'])
})
