import { expect, it } from 'vitest'
import {
  readFinetuneDraft,
  toFinetunings,
  toSingle,
  writeFinetuneDraft,
  type FinetuneDraft,
} from './finetuneDraft'

const named: FinetuneDraft = {
  ...readFinetuneDraft({ model: 'resnet', dataset: 'digits' }),
}

it('keeps everything that was chosen in the address', () => {
  const query = {
    method: 'finetune',
    model: 'resnet',
    dataset: 'digits',
    how: ['seam', 'scratch'],
    preset: 'published',
    settings: '{"alpha":2}',
    thresholds: '0.3, 0.5',
    seeds: '3',
    attack: 'off',
  }
  expect(writeFinetuneDraft(readFinetuneDraft(query))).toEqual(query)
})

it('compares SeaM with standard fine-tuning unless told otherwise', () => {
  expect(named.hows).toEqual(['seam', 'standard'])
})

it('asks for every threshold and seed', () => {
  const request = toFinetunings({ ...named, thresholds: '0.3 0.5,0.7', seeds: '2' })
  expect(request).toMatchObject({ thresholds: [0.3, 0.5, 0.7], seeds: [0, 1] })
  expect(request).not.toHaveProperty('attack')
})

it('hands what is no number on to the server, which says so', () => {
  expect(toFinetunings({ ...named, thresholds: 'half' }).thresholds).toEqual(['half'])
})

it('leaves thresholds out where no weights are searched for', () => {
  const draft: FinetuneDraft = { ...named, hows: ['standard'], thresholds: '0.3' }
  expect(toFinetunings(draft).thresholds).toEqual([])
})

it('is one job where one way, threshold and seed are asked for', () => {
  const draft: FinetuneDraft = {
    ...named,
    hows: ['seam'],
    settings: { alpha: 2 },
    thresholds: '0.4',
    hasAttack: false,
  }
  expect(toSingle(draft)).toMatchObject({
    method: 'finetune',
    how: 'seam',
    config: { alpha: 2, prune_threshold: 0.4 },
    attack: null,
  })
})

it('is no single job where several are asked for', () => {
  expect(toSingle(named)).toBeUndefined()
  expect(toSingle({ ...named, hows: ['seam'], seeds: '2' })).toBeUndefined()
})
