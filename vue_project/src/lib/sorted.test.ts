import { expect, it } from 'vitest'
import { sorted } from './sorted'

type Row = Partial<Record<string, string | number>>
const names = (rows: Row[], sort: string) =>
  sorted(rows, { sort, valueOf: (row, name) => row[name] ?? null }).map(({ name }) => name)

const rows = [{ name: '10', share: 0.5 }, { name: '9' }, { name: 'cat', share: 0.25 }]

it('sorts numbers up and down, and what has none last', () => {
  expect(names(rows, 'share')).toEqual(['cat', '10', '9'])
  expect(names(rows, '-share')).toEqual(['10', 'cat', '9'])
})

it('sorts names with numbers in them as people do', () => {
  expect(names(rows, 'name')).toEqual(['9', '10', 'cat'])
})

it('keeps the order that rows came in without a column to sort by', () => {
  expect(names(rows, '')).toEqual(['10', '9', 'cat'])
  expect(names(rows, 'no such column')).toEqual(['10', '9', 'cat'])
})
