import { expect, it } from 'vitest'
import { faultsElsewhere, messagesAt } from './pointer'

const faults = [
  { pointer: '/target/classes/1', message: 'no class named dog' },
  { pointer: '/settings/epochs', message: 'at least 1' },
  { pointer: '/settings/epochs_extra', message: 'unknown setting' },
]

it('collects what is said of a place and of everything inside it', () => {
  expect(messagesAt(faults, '/target/classes')).toEqual(['no class named dog'])
})

it('does not mistake a longer name for a place inside', () => {
  expect(messagesAt(faults, '/settings/epochs')).toEqual(['at least 1'])
})

it('keeps the faults that no shown field would show', () => {
  expect(faultsElsewhere(faults, ['/target', '/settings/epochs'])).toEqual([faults[2]])
})
