import { expect, it } from 'vitest'
import { classOf, sortPairs, taskOf } from './pairs'

const pair = (a: string, share: number, scratch: number | null) => ({
  a,
  b: '3@digits',
  modules: [`toy-${a}`, 'toy-3'],
  accuracy_test: share,
  scratch_accuracy_test: scratch,
})
const pairs = [pair('cat', 0.5, null), pair('dog', 1, 0.75), pair('ant', 0.75, 1)]
const order = (sort: string) => sortPairs(pairs, sort).map(({ a }) => a)

it('sorts pairs by class or figure; what was not trained comes last', () => {
  expect(order('a')).toEqual(['ant', 'cat', 'dog'])
  expect(order('accuracy_test')).toEqual(['cat', 'ant', 'dog'])
  expect(order('-scratch_accuracy_test')).toEqual(['ant', 'dog', 'cat'])
})

it('makes a new task of the two modules of a pair', () => {
  expect(taskOf(pair('cat@cifar10', 1, null))).toEqual({
    method: 'new-task',
    output: ['cat@cifar10', '3@digits'],
    module: ['toy-cat@cifar10', 'toy-3'],
  })
})

it('names the class alone where the data set is known', () => {
  expect(classOf('cat@cifar10')).toBe('cat')
  expect(classOf('a@b@svhn')).toBe('a@b')
})
