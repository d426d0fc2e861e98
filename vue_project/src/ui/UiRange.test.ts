import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import UiRange from './UiRange.vue'

function show(ends: { from?: number; to?: number } = {}) {
  const range = mount(UiRange, {
    props: {
      label: 'Accuracy',
      atLeast: 'at least',
      atMost: 'at most',
      scale: { low: 0.5, high: 1 },
      format: (value: number) => value.toFixed(2),
      ...ends,
    },
  })
  const [low, high] = range.findAll('input')
  if (!low || !high) throw new Error('a range has two handles')
  return { range, low, high }
}

it('begins with both ends open', () => {
  const { range, low, high } = show()
  expect([low.element.value, high.element.value]).toEqual(['0', '100'])
  expect(range.text()).toContain('0.50 – 1.00')
})

it('tells the value of an end that was moved, and none of one that is open', async () => {
  const { range, low } = show()
  low.element.value = '50'
  await low.trigger('input')
  await low.trigger('change')
  expect(range.emitted('change')).toEqual([[{ from: 0.75, to: undefined }]])
  expect(range.text()).toContain('0.75 – 1.00')
})

it('opens an end that is moved back', async () => {
  const { range, high } = show({ to: 0.75 })
  expect(high.element.value).toBe('50')
  high.element.value = '100'
  await high.trigger('input')
  await high.trigger('change')
  expect(range.emitted('change')).toEqual([[{ from: undefined, to: undefined }]])
})

it('does not let the ends pass each other', async () => {
  const { range, low } = show({ to: 0.75 })
  low.element.value = '90'
  await low.trigger('input')
  await low.trigger('change')
  expect(range.emitted('change')).toEqual([[{ from: 0.75, to: 0.75 }]])
})
