import { expect, it } from 'vitest'
import { offerInChinese } from './settingsInChinese'

const offer = {
  summary: 'Searches.',
  settings_schema: {
    type: 'object',
    properties: {
      alpha: { title: 'Weight charge (alpha)', description: 'How much.', minimum: 0 },
      recover: { title: 'Recovery', enum: ['none', 'full'] },
      batch_size: { title: 'Batch size' },
      brand_new: { title: 'Brand new' },
    },
  },
  presets: [
    { name: 'fast', title: 'Fast', description: 'Annealed.', settings: {} },
    { name: 'own', title: 'Own', description: 'Of a plug-in.', settings: {} },
  ],
}
const { settings_schema, presets, summary } = offerInChinese('seam', offer)

it('says titles, descriptions and choices in Chinese and keeps the bounds', () => {
  const { alpha, recover } = settings_schema.properties

  expect(alpha).toMatchObject({ title: '权重计价 (alpha)', minimum: 0 })
  expect(recover).toMatchObject({ title: '恢复训练', choices: { none: '无', full: '全部' } })
  expect(summary).toContain('梯度下降')
})

it('knows settings that mean the same to every algorithm', () => {
  expect(settings_schema.properties.batch_size.title).toBe('批大小')
  expect(offerInChinese('gradsplitter', offer).settings_schema.properties.alpha.title).toBe(
    '卷积核计价 (alpha)',
  )
})

it('leaves what it does not know as it was served', () => {
  expect(settings_schema.properties.brand_new).toEqual({ title: 'Brand new' })
  expect(presets.map(({ title }) => title)).toEqual(['快速', 'Own'])
  expect(offerInChinese('new method', offer).presets).toEqual(offer.presets)
})
