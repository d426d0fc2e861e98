import { expect, it } from 'vitest'
import { jobTitleInChinese } from './jobTitle'

const titles = {
  model: (name: string) => (name === 'cnn' ? 'Small CNN' : name),
  dataset: (name: string) => (name === 'digits' ? 'Handwritten digits' : name),
}
const say = (kind: string, request: object) =>
  jobTitleInChinese({ kind, title: 'in English', request }, titles)

it('names the target and the model of a module', () => {
  const target = { kind: 'multi-class', classes: ['3', '5'], group: null, groups: [] }
  const whole = { ...target, kind: 'each' }
  const many = { ...target, classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }
  expect(say('modularize', { model: 'cnn', target })).toBe('3、5（取自 Small CNN）')
  expect(say('modularize', { model: 'cnn', target: whole })).toBe(
    '2 个类别各一个模块（取自 Small CNN）',
  )
  expect(say('modularize', { model: 'cnn', target: many })).toBe(
    'a、b、c、d、e 等 7 类（取自 Small CNN）',
  )
  expect(say('modularize', { model: 'cnn', target: { ...target, group: 'odd' } })).toBe(
    'odd（取自 Small CNN）',
  )
})

it('names what else is worked on', () => {
  expect(say('train', { name: 'mine' })).toBe('训练 mine')
  expect(say('evaluate', { model: 'cnn', module: null, dataset: 'digits' })).toBe(
    '在 Handwritten digits 上评估 Small CNN',
  )
  expect(say('robustness', { module: 'm-1', attack: { attack: 'pgd' } })).toBe(
    '受攻击时的准确率：m-1',
  )
  expect(say('backdoor', { model: 'gone' })).toBe('在 gone 的副本中植入后门')
})

it('names what is reused, and for what', () => {
  const tuned = { method: 'finetune', model: 'cnn', dataset: 'digits', how: 'seam' }
  expect(say('reuse', tuned)).toBe('用所需权重将 Small CNN 微调到 Handwritten digits')
  expect(say('reuse', { ...tuned, how: 'scratch' })).toBe(
    '在 Handwritten digits 上从头训练 Small CNN',
  )
  expect(say('reuse', { method: 'patch', model: 'cnn', class_name: '8' })).toBe(
    '修补 Small CNN 的类别 8',
  )
})

it("keeps the server's title of what it does not know", () => {
  expect(say('reuse', { method: 'swap' })).toBe('in English')
  expect(say('robustness', { module: 'm-1', attack: { attack: 'new' } })).toBe('in English')
  expect(say('paint', {})).toBe('in English')
})
