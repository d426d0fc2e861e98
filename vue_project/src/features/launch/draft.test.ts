import { expect, it } from 'vitest'
import { kindOf, readDraft, toRequest, writeDraft } from './draft'

const query = {
  algorithm: 'seam',
  model: 'resnet20-cifar10',
  classes: ['cat', 'dog'],
  preset: 'fast',
  settings: '{"epochs":30}',
}

it('reads an address and writes the same address back', () => {
  expect(writeDraft(readDraft(query))).toEqual(query)
})

it('reads a single class as a list of one', () => {
  expect(readDraft({ classes: '3' }).classes).toEqual(['3'])
})

it('takes broken settings in an address for none', () => {
  expect(readDraft({ settings: '{"epochs":' }).settings).toEqual({})
  expect(readDraft({ settings: '[1, 2]' }).settings).toEqual({})
  expect(readDraft({ settings: '{"epochs":{"a":1}}' }).settings).toEqual({})
})

it('asks a yes-or-no question about one class, and tells several apart', () => {
  expect(kindOf(['cat'])).toBe('binary')
  expect(kindOf(['cat', 'dog'])).toBe('multi-class')
})

it('leaves the choice of preset to the server where none was made', () => {
  expect(toRequest(readDraft({ model: 'm', classes: 'cat', algorithm: 'seam' }))).toEqual({
    model: 'm',
    target: { kind: null, classes: ['cat'] },
    algorithm: 'seam',
    preset: null,
    settings: {},
  })
})
