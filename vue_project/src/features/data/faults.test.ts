import { expect, it } from 'vitest'
import { ApiError } from '@/api/problem'
import { errorsAt, errorsElsewhere, nameOf } from './faults'

const refusal = new ApiError(422, {
  title: 'Unprocessable',
  detail: 'both',
  faults: [
    { pointer: '/name', message: 'taken' },
    { pointer: '/file', message: 'no image' },
  ],
})

it('shows a fault at its field and the others together', () => {
  expect(errorsAt(refusal, '/name')).toEqual(['taken'])
  expect(errorsElsewhere(refusal, ['/name'])).toEqual(['no image'])
})

it('shows what a refusal without faults says', () => {
  expect(errorsElsewhere(new ApiError(507, { title: 'Full', detail: 'no room' }), [])).toEqual([
    'no room',
  ])
  expect(errorsElsewhere(null, [])).toEqual([])
})

it.each([
  ['My Pets (2).zip', 'my-pets-2-'],
  ['..evil.npz', 'evil'],
  ['猫.zip', ''],
])('makes of the file %s the name "%s"', (file, name) => {
  expect(nameOf(file)).toBe(name)
})
