import { expect, it } from 'vitest'
import { isFiltered, readFilters, toggleFacet, toSearch, writeFilters } from './filters'

it('reads an address and writes the same address back', () => {
  const query = { q: 'cat', dataset: ['cifar10', 'cifar100'], sort: 'newest', cursor: 'abc' }
  expect(writeFilters(readFilters(query))).toEqual(query)
})

it('leaves out of the address what is at its default', () => {
  expect(writeFilters(readFilters({}))).toEqual({})
  expect(writeFilters(readFilters({ sort: 'relevance', q: '' }))).toEqual({})
})

it('ignores a sort that it does not know', () => {
  expect(readFilters({ sort: 'colour' }).sort).toBe('relevance')
})

it('adds a ticked value to its group and begins again at the first page', () => {
  const filters = toggleFacet(readFilters({ dataset: 'svhn', cursor: 'abc' }), 'dataset', 'digits')
  expect(writeFilters(filters)).toEqual({ dataset: ['svhn', 'digits'] })
})

it('unticks a ticked value', () => {
  const filters = toggleFacet(readFilters({ dataset: ['svhn', 'digits'] }), 'dataset', 'svhn')
  expect(writeFilters(filters)).toEqual({ dataset: ['digits'] })
})

it('asks the server for everything when both kinds of card are ticked', () => {
  expect(toSearch(readFilters({ ready: ['true', 'false'] }))).not.toHaveProperty('ready')
  expect(toSearch(readFilters({ ready: 'true' }))).toHaveProperty('ready', 'true')
})

it('does not count sorting and paging as filters', () => {
  expect(isFiltered(readFilters({ sort: 'name', cursor: 'abc' }))).toBe(false)
  expect(isFiltered(readFilters({ min_accuracy: '0.9' }))).toBe(true)
})
