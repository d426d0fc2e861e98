import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { createVuetify } from 'vuetify/framework'
import SchemaForm from './SchemaForm.vue'
import { en } from './messages'
import type { Settings, SettingsSchema } from './schema'

const schema: SettingsSchema = {
  properties: {
    epochs: {
      type: 'integer',
      title: 'Epochs',
      description: 'Passes over the images.',
      minimum: 1,
      maximum: 1000,
    },
    flip: { type: 'boolean', title: 'Random flips' },
    schedule: { type: 'string', title: 'Rate schedule', enum: ['one-cycle', 'constant'] },
    warmup: { type: 'number', title: 'Warm-up', only_if: { schedule: ['one-cycle'] } },
  },
}
const base: Settings = { epochs: 24, flip: true, schedule: 'one-cycle', warmup: 0.1 }

function mountForm({
  settings = {} as Settings,
  faults = [] as { pointer: string; message: string }[],
} = {}) {
  const plugins = [createI18n({ legacy: false, locale: 'en', messages: { en } }), createVuetify()]
  return mount(SchemaForm, { props: { schema, settings, base, faults }, global: { plugins } })
}

it('draws a control for each type, filled with the preset', () => {
  const form = mountForm()
  const number = form.get<HTMLInputElement>('input[type="number"]')
  expect(number.element.value).toBe('24')
  expect(form.get<HTMLInputElement>('input[type="checkbox"]').element.checked).toBe(true)
  expect(form.get<HTMLSelectElement>('select').element.value).toBe('one-cycle')
})

it('names each control and says what is allowed', () => {
  const form = mountForm()
  const number = form.get('input[type="number"]')
  expect(form.get(`label[for="${number.attributes('id') ?? ''}"]`).text()).toBe('Epochs')
  expect(form.text()).toContain('Passes over the images. Allowed: 1 – 1000.')
})

it('tells of a change as a number where the schema wants one', async () => {
  const form = mountForm()
  await form.get('input[type="number"]').setValue('30')
  await form.get('select').setValue('constant')
  expect(form.emitted('change')).toEqual([
    ['epochs', 30],
    ['schedule', 'constant'],
  ])
})

it('shows what is wrong at the field it belongs to', () => {
  const form = mountForm({ faults: [{ pointer: '/epochs', message: 'at least 1' }] })
  const fields = form.findAll('.setting').map((field) => field.text())
  expect(fields.map((text) => text.includes('at least 1'))).toEqual([true, false, false, false])
})

it('marks a setting that differs from the preset and takes it back', async () => {
  const form = mountForm({ settings: { epochs: 30 } })
  await form.get('.setting-reset').trigger('click')
  expect(form.findAll('.setting-reset').length).toBe(1)
  expect(form.emitted('change')).toEqual([['epochs', 24]])
})

it('says of a field that does nothing which other one keeps it from it', () => {
  const note = 'Without effect while “Rate schedule” is constant.'
  expect(mountForm().text()).not.toContain('Without effect')
  expect(mountForm({ settings: { schedule: 'constant' } }).text()).toContain(note)
})
