import { describe, expect, it } from 'vitest'
import { fit, softmax, tapsOf, toPlanes, type Pixels } from './pixels'

/** Grey pixels of these values, row by row. */
function grey(rows: readonly (readonly number[])[]): Pixels {
  const data = rows.flat().flatMap((value) => [value, value, value, 255])
  return { data: new Uint8ClampedArray(data), width: rows[0]?.length ?? 0, height: rows.length }
}

function reds({ data }: Pixels): number[] {
  return [...data].filter((_, at) => at % 4 === 0)
}

describe('scaling', () => {
  it('leaves a picture of the right size as it is', () => {
    expect(
      reds(
        fit(
          grey([
            [1, 2],
            [3, 4],
          ]),
          2,
          2,
        ),
      ),
    ).toEqual([1, 2, 3, 4])
  })

  it('weights the pixels around a place by a triangle', () => {
    // Two target pixels of four: centre 1, reach 2; pixel centres 0.5 1.5 2.5 are 0.5 0.5 1.5
    // away, so they weigh 0.75 0.75 0.25 of 1.75.
    expect(tapsOf(4, 0, 4, 2)[0]).toEqual({
      start: 0,
      weights: [0.75 / 1.75, 0.75 / 1.75, 0.25 / 1.75],
    })
  })

  it('halves a row by those weights, rounded', () => {
    // 0.75/1.75 · 70 + 0.25/1.75 · 7 = 30 + 1; the second, mirrored: 0.75/1.75 · 7 = 3.
    const row = [70, 0, 7, 0]
    expect(reds(fit(grey([row, row, row, row]), 2, 2)).slice(0, 2)).toEqual([31, 3])
  })

  it('cuts the centre out of a wide picture', () => {
    expect(reds(fit(grey([[9, 9, 5, 9, 9]]), 1, 1))).toEqual([5])
  })

  it('cuts the centre out of a high picture', () => {
    expect(reds(fit(grey([[9], [5], [9]]), 1, 1))).toEqual([5])
  })
})

describe('what a network takes', () => {
  const pixel: Pixels = { data: new Uint8ClampedArray([255, 51, 0, 255]), width: 1, height: 1 }

  it('is one plane a channel, from 0 to 1', () => {
    const planes = toPlanes(pixel, 3)
    expect([...planes].map((value) => value.toFixed(2))).toEqual(['1.00', '0.20', '0.00'])
  })

  it('is grey where there is one channel', () => {
    // 0.299 · 255 + 0.587 · 51 = 106.2
    expect((toPlanes(pixel, 1)[0] ?? 0) * 255).toBeCloseTo(106, 3)
  })
})

describe('softmax', () => {
  it('sums to one, in the ratio of the powers', () => {
    const [first, second] = softmax([Math.log(3), 0]) as [number, number]
    expect(first).toBeCloseTo(0.75)
    expect(second).toBeCloseTo(0.25)
  })

  it('takes logits of any size', () => {
    expect(softmax([1000, 0])).toEqual([1, 0])
  })
})
