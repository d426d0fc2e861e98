import { expect, it } from 'vitest'
import { changedSettings, describeRange, parseSetting } from './schema'

it('turns what is typed into a number where the schema wants one', () => {
  expect(parseSetting({ type: 'integer' }, '30')).toBe(30)
  expect(parseSetting({ type: 'number' }, '1e-3')).toBe(0.001)
})

it('hands what is no number on as it is, for the server to say so', () => {
  expect(parseSetting({ type: 'integer' }, '')).toBe('')
  expect(parseSetting({ type: 'integer' }, 'many')).toBe('many')
})

it('keeps a numeral as text where the schema wants text', () => {
  expect(parseSetting({ type: 'string' }, '30')).toBe('30')
})

it('names only the settings that differ from the preset', () => {
  const preset = { epochs: 24, flip: false, alpha: 2 }
  expect(changedSettings({ epochs: 30, flip: false, alpha: 2 }, preset)).toEqual({ epochs: 30 })
})

it('says the allowed range', () => {
  expect(describeRange({ minimum: 1, maximum: 1000 })).toBe('1 – 1000')
  expect(describeRange({ exclusiveMinimum: 0, maximum: 1 })).toBe('> 0, ≤ 1')
  expect(describeRange({})).toBe('')
})
