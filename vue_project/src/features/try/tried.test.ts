import { expect, it } from 'vitest'
import { rightAnswer, toAnswer } from './tried'

const binary = { kind: 'binary', classes: ['3', '5'], outputs: ['odd', 'not odd'] }
const module = toAnswer(
  { role: 'module', name: 'm', outputs: binary.outputs },
  { probabilities: [0.25, 0.75], latencyMs: 2 },
)
const original = toAnswer(
  { role: 'original', name: 'o', outputs: ['3', '4'] },
  { probabilities: [0.9, 0.1], latencyMs: 4 },
)

it('lists the most probable answer first', () => {
  expect(module.scores).toEqual([
    { label: 'not odd', probability: 0.75 },
    { label: 'odd', probability: 0.25 },
  ])
})

it('asks a binary module for its class or for the rest', () => {
  expect(rightAnswer('5', module, binary)).toBe('odd')
  expect(rightAnswer('4', module, binary)).toBe('not odd')
})

it('asks the original for the class itself', () => {
  expect(rightAnswer('4', original, binary)).toBe('4')
})

it('judges no answer where what is on the picture is unknown, or no answer of the network', () => {
  expect(rightAnswer(undefined, module, binary)).toBeUndefined()
  expect(rightAnswer('8', original, binary)).toBeUndefined()
})
