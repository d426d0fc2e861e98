import { describe, expect, it } from 'vitest'
import type { Manifest } from '@/api/modules'
import { classQuery, decompositionQuery, recipeQuery } from './recipe'

const manifest = {
  algorithm: 'gradsplitter',
  model: { name: 'net' },
  target: { classes: ['3'], group: null, shots: null, shots_seed: 0 },
  recipe: { preset: 'fast', settings: { cycles: 2 } },
} as unknown as Manifest
const recipe = { algorithm: 'gradsplitter', preset: 'fast', settings: '{"cycles":2}' }

it('fills in the recipe of a module', () => {
  expect(recipeQuery(manifest)).toEqual({ model: 'net', classes: ['3'], ...recipe })
})

describe('a module that was made together with others', () => {
  it('is made again with the classes that its job was asked for', () => {
    const request = { target: { classes: ['3', '5'], groups: [] } }

    expect(decompositionQuery(manifest, request)).toEqual({
      model: 'net',
      classes: ['3', '5'],
      ...recipe,
    })
  })

  it('is made again with the groups that its job was asked for', () => {
    const request = { target: { classes: [], groups: ['even', 'odd'] } }

    expect(decompositionQuery(manifest, request)).toMatchObject({ group: ['even', 'odd'] })
  })

  it('is made again with every class where the job is gone', () => {
    expect(decompositionQuery(manifest, undefined)).toMatchObject({ classes: [] })
  })

  it('has a class that can be cut out alone, by another method', () => {
    expect(classQuery(manifest)).toEqual({ model: 'net', classes: ['3'] })
  })
})
