import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Component } from 'vue'
import type { RatedModule } from '@/api/reuse'
import ReuseChoice from './ReuseChoice.vue'
import ReusePairs from './ReusePairs.vue'
import ReusePatch from './ReusePatch.vue'
import { en } from './messages'

const pool: RatedModule[] = ['0', '1'].map((name) => ({
  module: `a-${name}`,
  class: name,
  dataset: 'digits',
  model: 'a',
  architecture: 'simcnn',
  f1: 0.5,
  kernels_kept: 9,
}))

/** The texts of every row of every table, cell by cell. */
function rowsOf(component: Component, result: object): string[][] {
  const blank = { template: '<p />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: blank },
      { path: '/modules/:id', name: 'module', component: blank },
    ],
  })
  const plugins = [createI18n({ legacy: false, locale: 'en', messages: { en } }), router]
  const page = mount(component, {
    props: { result },
    global: { plugins, stubs: { UiButton: true } },
  })
  return page
    .findAll('tr, dl > div')
    .map((row) => row.findAll('th, td, dt, dd').map((cell) => cell.text()))
}

it('shows what a composition gains over the best model by itself', () => {
  const rows = rowsOf(ReuseChoice, {
    method: 'more-accurate',
    classes: ['0', '1'],
    pool,
    options: [
      { rule: 'published', modules: ['a-0', 'a-1'], accuracy_validation: 0.5, accuracy_test: 0.75 },
    ],
    chosen_rule: 'published',
    singles: [{ model: 'a', accuracy_validation: 0.25, accuracy_test: 0.5 }],
    best_single: 'a',
    module: 'a-composed',
  })
  expect(rows).toContainEqual(['Best single model: a', '50.00%'])
  expect(rows).toContainEqual(['Gain', '+25.0 points'])
  expect(rows).toContainEqual(['a', '50.0%chosen', '50.0%chosen'])
  expect(rows).toContainEqual(['Best F1 by class chosen', '50.00%', '75.00%'])
})

it('shows a weak model before and after the patch; what has no value has no change', () => {
  const rows = rowsOf(ReusePatch, {
    method: 'patch',
    class: '0',
    model: 'weak',
    pool,
    chosen: 'a-0',
    before: { precision: null, recall: 0, f1: null, accuracy_others: 0.5 },
    after: { precision: 0.5, recall: 0.75, f1: 0.6, accuracy_others: 0.25 },
    module: 'weak-patched',
  })
  expect(rows).toContainEqual(['Recall', '0.00%', '75.00%', '+75.0 points'])
  expect(rows).toContainEqual(['Precision', '–', '50.00%', '–'])
  expect(rows).toContainEqual(['Accuracy of the other classes', '50.00%', '25.00%', '-25.0 points'])
})

it('shows every pair as a matrix, and one for networks from scratch if there are any', () => {
  const modules = ['a-0', 'b-x']
  const pair = { a: '0', b: 'x', modules, accuracy_test: 0.5, scratch_accuracy_test: 0.75 }
  const rows = rowsOf(ReusePairs, {
    method: 'every-pair',
    datasets: ['digits', 'letters'],
    pool,
    pairs: [pair, { ...pair, b: 'y', accuracy_test: 1, scratch_accuracy_test: null }],
  })
  expect(rows).toContainEqual(['digits / letters', 'x', 'y'])
  expect(rows).toContainEqual(['0', '50.0%', '100.0%'])
  expect(rows).toContainEqual(['0', '75.0%', '–'])
  expect(rows).toContainEqual(['0', 'y', '100.00%', '–', ''])
})
