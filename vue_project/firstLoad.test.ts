// @vitest-environment node
import { expect, it, vi } from 'vitest'
import { limitFirstLoad, neededBy } from './firstLoad.ts'

const chunk = (fileName: string, imports: string[], facts: object = {}) => ({
  [fileName]: { type: 'chunk', fileName, imports, code: fileName.repeat(10), ...facts },
})
const bundle = {
  ...chunk('entry.js', ['vue.js'], { isEntry: true }),
  ...chunk('vue.js', []),
  ...chunk('catalog.js', ['cards.js'], { facadeModuleId: '/src/CatalogView.vue' }),
  ...chunk('cards.js', ['vue.js']),
  ...chunk('charts.js', []),
}

function build(limitBytes: number) {
  const error = vi.fn()
  const info = vi.fn()
  const { generateBundle } = limitFirstLoad('CatalogView.vue', limitBytes)
  Reflect.apply(generateBundle as () => void, { error, info }, [{}, bundle])
  return { error, info }
}

it('needs a chunk and what it imports, through others too, each once', () => {
  const needed = neededBy('catalog.js', bundle as never)

  expect([...needed]).toEqual(['catalog.js', 'cards.js', 'vue.js'])
})

it('counts the entry and the first page, and not what is fetched later', () => {
  const { error } = build(1)

  expect(error).toHaveBeenCalledOnce()
  const [message] = error.mock.calls[0] as [string]
  expect(message).toContain('cards.js')
  expect(message).not.toContain('charts.js')
})

it('lets a build pass that is within the limit', () => {
  expect(build(10_000).error).not.toHaveBeenCalled()
})
