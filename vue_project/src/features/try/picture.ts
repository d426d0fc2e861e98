import { fit, type Pixels } from './pixels'

/** As many pixels as the server reads. */
const MOST_PIXELS = 50_000_000

/** What can be asked about: a file, a photo, a drawing, a test image. */
export interface Picture {
  name: string
  content: Blob
  /** What is on it, where that is known. */
  label?: string
}

/** A picture as a network takes it, and as something to look at. */
export interface Seen {
  pixels: Pixels
  url: string
}

export class UnreadablePicture extends Error {}

/** Decode a picture: upright, transparent parts white, its centre scaled to a network's input. */
export async function seeAs(content: Blob, width: number, height: number): Promise<Seen> {
  const pixels = fit(await decode(content), width, height)
  const { canvas, context } = canvasOf(width, height)
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.data), width, height), 0, 0)
  return { pixels, url: canvas.toDataURL('image/png') }
}

async function decode(content: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(content).catch(() => {
    throw new UnreadablePicture('kind')
  })
  if (bitmap.width * bitmap.height > MOST_PIXELS) throw new UnreadablePicture('size')
  const { context } = canvasOf(bitmap.width, bitmap.height)
  context.fillStyle = 'white'
  context.fillRect(0, 0, bitmap.width, bitmap.height)
  context.drawImage(bitmap, 0, 0)
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  bitmap.close()
  return { data, width, height }
}

/** A canvas that is read back; colours stay as they are, whatever the screen shows. */
function canvasOf(width: number, height: number) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new UnreadablePicture('canvas')
  return { canvas, context }
}
