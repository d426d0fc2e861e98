/** Scale pictures exactly as the server does, so that both ways of asking see the same pixels. */

export interface Pixels {
  /** Red, green, blue, opacity of each pixel, row by row. */
  data: Uint8ClampedArray
  width: number
  height: number
}

const CHANNELS = 4

interface Taps {
  /** The first source pixel that counts. */
  start: number
  /** How much each of the pixels from there counts; they sum to one. */
  weights: number[]
}

/** How much each source pixel counts for each of `count` target pixels: a triangle around it. */
export function tapsOf(size: number, from: number, to: number, count: number): Taps[] {
  const scale = (to - from) / count
  const reach = Math.max(scale, 1)
  return Array.from({ length: count }, (_, at) => {
    const centre = from + (at + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - reach + 0.5))
    const stop = Math.min(size, Math.trunc(centre + reach + 0.5))
    const raw = Array.from({ length: stop - start }, (_, place) =>
      Math.max(0, 1 - Math.abs((start + place - centre + 0.5) / reach)),
    )
    const total = raw.reduce((sum, weight) => sum + weight, 0)
    return { start, weights: raw.map((weight) => weight / total) }
  })
}

/** Cut the centre out in the shape of the target, and scale it. */
export function fit(source: Pixels, width: number, height: number): Pixels {
  const ratio = width / height
  const isWide = source.width / source.height >= ratio
  const cutWidth = isWide ? ratio * source.height : source.width
  const cutHeight = isWide ? source.height : source.width / ratio
  const left = (source.width - cutWidth) / 2
  const top = (source.height - cutHeight) / 2
  const across = tapsOf(source.width, left, left + cutWidth, width)
  const down = tapsOf(source.height, top, top + cutHeight, height)
  return scaleRows(scaleColumns(source, across), down)
}

function scaleColumns(source: Pixels, taps: readonly Taps[]): Pixels {
  const { width, height } = { width: taps.length, height: source.height }
  const data = new Uint8ClampedArray(width * height * CHANNELS)
  for (let y = 0; y < height; y++) {
    for (const [x, { start, weights }] of taps.entries()) {
      mix(data, (y * width + x) * CHANNELS, {
        source: source.data,
        first: (y * source.width + start) * CHANNELS,
        step: CHANNELS,
        weights,
      })
    }
  }
  return { data, width, height }
}

function scaleRows(source: Pixels, taps: readonly Taps[]): Pixels {
  const { width, height } = { width: source.width, height: taps.length }
  const data = new Uint8ClampedArray(width * height * CHANNELS)
  for (const [y, { start, weights }] of taps.entries()) {
    for (let x = 0; x < width; x++) {
      mix(data, (y * width + x) * CHANNELS, {
        source: source.data,
        first: (start * width + x) * CHANNELS,
        step: width * CHANNELS,
        weights,
      })
    }
  }
  return { data, width, height }
}

interface Mixed {
  source: Uint8ClampedArray
  first: number
  step: number
  weights: readonly number[]
}

/** Write one pixel: the weighted sum of others, rounded. */
function mix(target: Uint8ClampedArray, at: number, { source, first, step, weights }: Mixed) {
  for (let channel = 0; channel < CHANNELS; channel++) {
    let sum = 0
    let place = first + channel
    for (const weight of weights) {
      sum += weight * (source[place] ?? 0)
      place += step
    }
    target[at + channel] = Math.floor(sum + 0.5)
  }
}

/** Pixels as a network takes them: one plane a channel, 0-1; a single channel is grey. */
export function toPlanes(pixels: Pixels, channels: number): Float32Array {
  const count = pixels.width * pixels.height
  const planes = new Float32Array(channels * count)
  for (let pixel = 0; pixel < count; pixel++) {
    const at = pixel * CHANNELS
    const [red, green, blue] = [0, 1, 2].map((channel) => pixels.data[at + channel] ?? 0) as [
      number,
      number,
      number,
    ]
    const values = channels === 1 ? [greyOf(red, green, blue)] : [red, green, blue]
    for (const [channel, value] of values.entries()) {
      planes[channel * count + pixel] = value / 255
    }
  }
  return planes
}

/** The lightness that eyes see, in the usual weights of television. */
function greyOf(red: number, green: number, blue: number): number {
  return Math.floor((red * 19595 + green * 38470 + blue * 7471 + 0x8000) / 0x10000)
}

/** Shares that sum to one, from what a network says. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}
