import { expect, it } from 'vitest'
import { isExpired, toNewToken } from './tokens'

it('asks for a token that holds for some days', () => {
  expect(toNewToken({ name: 'ci', scope: 'submit', days: '30' })).toEqual({
    name: 'ci',
    scope: 'submit',
    expires_days: 30,
  })
})

it('asks for a token that holds until it is revoked', () => {
  expect(toNewToken({ name: 'ci', scope: 'admin', days: '' }).expires_days).toBeNull()
})

it('asks for the least where the scope is unknown', () => {
  expect(toNewToken({ name: 'ci', scope: 'root', days: '' }).scope).toBe('read')
})

it.each([
  [null, false],
  ['2026-01-02T00:00:00Z', false],
  ['2026-01-01T00:00:00Z', true],
])('knows whether a token that ends at %s has expired', (expires_at, expired) => {
  expect(isExpired({ expires_at }, new Date('2026-01-01T00:00:00Z'))).toBe(expired)
})
