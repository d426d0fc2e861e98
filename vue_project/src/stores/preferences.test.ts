import { expect, it } from 'vitest'
import { readPreferences } from './preferences'

it('speaks the language of the browser on a first visit', () => {
  expect(readPreferences(null, ['zh-TW', 'en']).locale).toBe('zh-CN')
  expect(readPreferences(null, ['fr-FR']).locale).toBe('en')
})

it('keeps what the reader chose', () => {
  const stored = '{"locale":"en","theme":"dark","isIntroDismissed":true}'
  expect(readPreferences(stored, ['zh-CN'])).toEqual({
    locale: 'en',
    theme: 'dark',
    isIntroDismissed: true,
  })
})

it('falls back where the stored text is broken or unknown', () => {
  const defaults = { locale: 'en', theme: 'system', isIntroDismissed: false }
  expect(readPreferences('{not json', ['en'])).toEqual(defaults)
  expect(readPreferences('{"theme":"sepia"}', ['en'])).toEqual(defaults)
})
