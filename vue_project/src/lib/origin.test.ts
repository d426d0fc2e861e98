import { expect, it } from 'vitest'
import { describeOrigin } from './origin'

it('says the data set only where the name of the model does not', () => {
  expect(describeOrigin('ResNet20 on CIFAR-10', 'CIFAR-10')).toEqual(['ResNet20 on CIFAR-10'])
  expect(describeOrigin('ResNet20', 'CIFAR-10')).toEqual(['ResNet20', 'CIFAR-10'])
})
