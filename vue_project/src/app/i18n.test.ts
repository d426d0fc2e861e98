import { expect, it } from 'vitest'
import { messages } from './i18n'

const sources: Record<string, string> = import.meta.glob('../**/*.{vue,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const known = new Set(
  Object.entries(messages.en).flatMap(([part, texts]) =>
    Object.keys(texts).map((key) => `${part}.${key}`),
  ),
)

const used = Object.values(sources).flatMap((source) =>
  [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]),
)

it('finds the texts that the pages ask for', () => {
  expect(used.length).toBeGreaterThan(100)
  expect(used.filter((key) => key === undefined || !known.has(key))).toEqual([])
})

it('says everything in both languages, with the same blanks to fill', () => {
  const blanks = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? []
  const shape = (texts: Record<string, Record<string, string>>) =>
    Object.entries(texts).flatMap(([part, byKey]) =>
      Object.entries(byKey).map(([key, text]) => [`${part}.${key}`, ...new Set(blanks(text))]),
    )
  expect(shape(messages['zh-CN'])).toEqual(shape(messages.en))
})
