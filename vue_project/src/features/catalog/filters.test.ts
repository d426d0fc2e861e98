import { expect, it } from 'vitest'
import { isFiltered, readFilters, setRange, toggleFacet, toSearch, writeFilters } from './filters'

it('reads an address and writes the same address back', () => {
  const query = {
    q: 'cat',
    dataset: ['cifar10', 'cifar100'],
    min_accuracy: '0.9',
    max_latency_ms: '2.5',
    sort: 'latency',
    cursor: 'abc',
  }
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

it('moves a range, opens it again, and begins at the first page', () => {
  const bounded = setRange(readFilters({ cursor: 'abc' }), 'parameters', { low: '', high: '5000' })
  expect(writeFilters(bounded)).toEqual({ max_parameters: '5000' })
  expect(toSearch(bounded)).toEqual({ max_parameters: '5000', sort: 'relevance' })
  expect(writeFilters(setRange(bounded, 'parameters', { low: '', high: '' }))).toEqual({})
})
