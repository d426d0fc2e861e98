import { expect, it } from 'vitest'
import { askedOf } from './asked'

it('tells settings from the other fields, with the algorithm that has them', () => {
  const request = { model: 'a', algorithm: 'seam', preset: 'fast', settings: { epochs: 2 } }
  expect(askedOf(request)).toEqual({
    fields: [
      ['model', 'a'],
      ['algorithm', 'seam'],
      ['preset', 'fast'],
    ],
    settings: [['epochs', 2]],
    algorithm: 'seam',
  })
})

it('knows the settings of fine-tuning, and those that are of no algorithm', () => {
  expect(askedOf({ method: 'finetune', config: { alpha: 4 } })).toMatchObject({
    settings: [['alpha', 4]],
    algorithm: 'finetune',
  })
  expect(askedOf({ name: 'b', settings: { epochs: 5 } }).algorithm).toBeUndefined()
})

it('speaks of the seed of the shots only where shots were drawn', () => {
  const target = { classes: ['3'], shots: null, shots_seed: 0 }
  expect(askedOf({ target }).fields).toEqual([['target.classes', '3']])
  expect(askedOf({ target: { ...target, shots: 5 } }).fields).toEqual([
    ['target.classes', '3'],
    ['target.shots', 5],
    ['target.shots_seed', 0],
  ])
})
