import { expect, it } from 'vitest'
import { placeAmong, sectionsOf } from './navigation'

const withPages = (...names: string[]) =>
  sectionsOf({ hasRoute: (name) => names.includes(String(name)) })

it('links to no page that is not there', () => {
  expect(withPages('catalog', 'modules', 'models').map(({ name, pages }) => [name, pages])).toEqual(
    [
      ['catalog', ['catalog']],
      ['modules', ['modules', 'models']],
    ],
  )
})

it('knows a page below another by its section', () => {
  const sections = withPages('modules', 'models', 'jobs', 'sweeps')
  const newSweep = { name: 'new-sweep', meta: { section: 'sweeps' } }
  expect(placeAmong(sections, newSweep)).toEqual({ section: 'jobs', page: 'sweeps' })
})

it('knows a page of its own better than the section it is in', () => {
  const models = { name: 'models', meta: { section: 'modules' } }
  expect(placeAmong(withPages('modules', 'models'), models)?.page).toBe('models')
  expect(placeAmong(withPages('modules'), models)?.page).toBe('modules')
})

it('places the settings nowhere', () => {
  expect(placeAmong(withPages('catalog', 'jobs'), { name: 'settings', meta: {} })).toBeUndefined()
})
