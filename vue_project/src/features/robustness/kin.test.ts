import { expect, it } from 'vitest'
import { meansOf, type Kin } from './kin'

const one = (how: string, threshold: number | null, rate: number): Kin => ({
  id: `${how}-${String(rate)}`,
  how,
  threshold,
  accuracy: rate / 2,
  rate,
})

it('averages over the seeds of each way and threshold', () => {
  const kin = [one('seam', 0.6, 0.2), one('standard', null, 0.6), one('seam', 0.6, 0.4)]

  expect(meansOf(kin).map(({ how, count, rate }) => [how, count, rate.toFixed(2)])).toEqual([
    ['standard', 1, '0.60'],
    ['seam', 2, '0.30'],
  ])
})

it('keeps thresholds apart, in ascending order', () => {
  const kin = [one('seam', 0.7, 0.1), one('seam', 0.3, 0.5)]

  expect(meansOf(kin).map(({ threshold }) => threshold)).toEqual([0.3, 0.7])
})
