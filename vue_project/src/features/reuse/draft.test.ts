import { expect, it } from 'vitest'
import { addressOf, isBegun, readDraft, toRequest, writeDraft, type Draft } from './draft'

const empty = readDraft({})

it('keeps everything that was chosen in the address', () => {
  const query = {
    method: 'new-task',
    from: ['a', 'b'],
    module: ['m-1'],
    rule: 'greedy',
    output: ['cat@cifar10', '3@svhn'],
    epochs: '5',
  }
  expect(writeDraft(readDraft(query))).toEqual(query)
})

it('leaves what is usual out of the address', () => {
  expect(writeDraft(empty)).toEqual({})
})

it('passes over methods and rules that there are not', () => {
  expect(readDraft({ method: 'swap', rule: 'luck' })).toMatchObject({
    method: 'more-accurate',
    rule: 'best',
  })
})

it('begins once there is a pool and the method has what it needs', () => {
  const withPool = { ...empty, from: ['a'] }
  expect(isBegun(empty)).toBe(false)
  expect(isBegun(withPool)).toBe(true)
  expect(isBegun({ ...withPool, method: 'new-task' })).toBe(false)
  expect(isBegun({ ...withPool, method: 'every-pair', first: 'a' })).toBe(false)
  expect(isBegun({ ...withPool, method: 'patch', model: 'weak', className: '3' })).toBe(true)
})

it('asks for the usual network from scratch unless epochs were typed', () => {
  const task: Draft = { ...empty, method: 'new-task', outputs: ['3@digits'] }
  expect(toRequest(task)).not.toHaveProperty('scratch')
  expect(toRequest({ ...task, epochs: '5' })).toMatchObject({ scratch: { epochs: 5 } })
})

it('trains no network for each pair unless epochs were typed', () => {
  const pairs: Draft = { ...empty, method: 'every-pair', first: 'a', second: 'b' }
  expect(toRequest(pairs)).toEqual({
    method: 'every-pair',
    datasets: ['a', 'b'],
    pool: { models: [], modules: [] },
    scratch: null,
  })
})

it('fills the form with what a job was asked for', () => {
  const scratch = { epochs: 3, batch_size: 64 }
  const outputs = [{ class_name: '3', dataset: 'digits' }]
  const plan = { method: 'new-task', pool: ['a', 'b'], outputs, rule: 'greedy', scratch }
  expect(addressOf(plan)).toEqual({
    method: 'new-task',
    module: ['a', 'b'],
    output: ['3@digits'],
    rule: 'greedy',
    epochs: '3',
  })
  const pairs = { method: 'every-pair', pool: ['a'], datasets: ['x', 'y'], scratch: null }
  expect(addressOf(pairs)).toEqual({
    method: 'every-pair',
    module: ['a'],
    first: 'x',
    second: 'y',
  })
  const patch = { method: 'patch', pool: ['a'], model: 'weak', dataset: 'x', class_name: '8' }
  expect(addressOf(patch)).toEqual({ method: 'patch', module: ['a'], model: 'weak', class: '8' })
})

it('fills the form of a fine-tuning with what a job was asked for', () => {
  const config = { prune_threshold: 0.6, alpha: 4 }
  const plan = { method: 'finetune', model: 'm', dataset: 'd', how: 'seam', preset: 'fast', config }
  expect(addressOf({ ...plan, attack: null })).toEqual({
    method: 'finetune',
    model: 'm',
    dataset: 'd',
    how: ['seam'],
    preset: 'fast',
    settings: '{"alpha":4}',
    thresholds: '0.6',
    attack: 'off',
  })
})
