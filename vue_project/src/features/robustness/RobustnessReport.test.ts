import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import RobustnessReport from './RobustnessReport.vue'
import { en } from './messages'

it('shows how many neurons inputs wake, and how many of those inputs are inherited', () => {
  const report = {
    attack: 'coverage',
    images: 4,
    tried: 3,
    attacked: 2,
    changed: 1,
    rate: 0.5,
    clean_accuracy: 0.75,
    coverage_clean: 0.125,
    coverage_attacked: 0.25,
    examples: [],
  }
  const found = { report, labels: ['3', '7'], dataset: { title: 'Digits' }, attacked_at: '' }
  const plugins = [createI18n({ legacy: false, locale: 'en', messages: { en } })]
  const page = mount(RobustnessReport, { props: { found: found as never }, global: { plugins } })

  const rows = page.findAll('dl > div').map((row) => row.findAll('dt, dd').map((it) => it.text()))
  expect(rows).toEqual([
    ['Accuracy on clean images', '75.00%', ''],
    ['Active neurons of the pre-trained network, clean', '12.50%', ''],
    ['Active neurons of the pre-trained network, changed', '25.00%', ''],
    [
      'Defect inheritance rate',
      '50.00%',
      '',
      '1 of the 2 images found to mislead the pre-trained network.',
    ],
  ])
})
