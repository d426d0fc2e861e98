import { expect, it } from 'vitest'
import { recoveryOf } from './recovery'

const made = (recover: string, settings: Record<string, unknown>) =>
  recoveryOf({ search: { recover }, recipe: { settings } })

it('tells whether what was kept has learned from the original', () => {
  expect(made('full', { distillation: 1 })).toBe('full_taught')
  expect(made('full', { distillation: 0 })).toBe('full')
  expect(made('norm', {})).toBe('norm')
})

it('learns nothing where nothing was trained', () => {
  expect(made('none', { distillation: 1 })).toBe('none')
})
