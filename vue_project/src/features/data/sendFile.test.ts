import { expect, it } from 'vitest'
import type { Upload } from '@/api/uploads'
import { PIECE_BYTES, sendFile, type Receiver } from './sendFile'

/** A server that keeps the sizes of the pieces it got, and fails once at an offset. */
function makeReceiver(size: number, { received = 0, failsAt = -1 } = {}) {
  const pieces: [offset: number, bytes: number][] = []
  let isWhole = failsAt < 0
  const view = (): Upload => ({
    id: 'one',
    name: 'a.zip',
    size_bytes: size,
    received_bytes: received,
    is_complete: received === size,
  })
  const receiver: Receiver = {
    begin: () => Promise.resolve(view()),
    find: () => Promise.resolve(view()),
    add: (_id, offset, piece) => {
      if (!isWhole && offset === failsAt) {
        isWhole = true
        return Promise.reject(new Error('the line is dead'))
      }
      pieces.push([offset, piece.size])
      received += piece.size
      return Promise.resolve(view())
    },
  }
  return { receiver, pieces }
}

const size = 2 * PIECE_BYTES + 5
const file = new File([new Uint8Array(size)], 'a.zip')
const signal = new AbortController().signal

it('sends a file in pieces, in order, to its last byte', async () => {
  const { receiver, pieces } = makeReceiver(size)
  const seen: number[] = []
  await sendFile(file, receiver, { signal, onProgress: (u) => seen.push(u.received_bytes) })
  expect(pieces).toEqual([
    [0, PIECE_BYTES],
    [PIECE_BYTES, PIECE_BYTES],
    [2 * PIECE_BYTES, 5],
  ])
  expect(seen).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES, size])
})

it('goes on where an upload broke off and sends nothing twice', async () => {
  const { receiver, pieces } = makeReceiver(size, { failsAt: PIECE_BYTES })
  const options = { signal, onProgress: () => undefined }
  await expect(sendFile(file, receiver, options)).rejects.toThrow('the line is dead')
  expect(pieces).toEqual([[0, PIECE_BYTES]])

  await sendFile(file, receiver, { ...options, id: 'one' })
  expect(pieces.slice(1)).toEqual([
    [PIECE_BYTES, PIECE_BYTES],
    [2 * PIECE_BYTES, 5],
  ])
})
