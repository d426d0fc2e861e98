import type { InferenceSession } from 'onnxruntime-web/wasm'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { toApiError } from '@/api/problem'
import { softmax } from './pixels'

/** Of the engine's file, which our server sends once; it is never fetched from elsewhere. */
export const ENGINE_BYTES = 14_300_000

const TIMED_RUNS = 5
const TIMING_BUDGET_MS = 200

export interface Network {
  session: InferenceSession
  channels: number
  width: number
  height: number
}

export interface Said {
  probabilities: number[]
  latencyMs: number
}

/** The engine is large; it is fetched when the first network is opened. */
async function loadEngine() {
  const engine = await import('onnxruntime-web/wasm')
  engine.env.wasm.wasmPaths = { wasm: wasmUrl }
  engine.env.wasm.numThreads = 1 // several need headers that would keep other things out
  return engine
}

/** Open an ONNX file of ours in this page; its input is one batch of images. */
export async function openNetwork(url: string): Promise<Network> {
  const engine = await loadEngine()
  const reply = await fetch(url)
  if (!reply.ok) throw toApiError(reply.status, await reply.json())
  const session = await engine.InferenceSession.create(await reply.arrayBuffer())
  const input = session.inputMetadata[0]
  const [, channels, height, width] = input?.isTensor ? input.shape.map(Number) : []
  if (!channels || !height || !width) throw new Error(url)
  return { session, channels, width, height }
}

/** Ask a network; the first run warms it up and is not timed. */
export async function ask(network: Network, planes: Float32Array): Promise<Said> {
  const { Tensor } = await loadEngine()
  const { session, channels, height, width } = network
  const input = session.inputNames[0] ?? ''
  const feed = { [input]: new Tensor('float32', planes, [1, channels, height, width]) }
  const result = await session.run(feed)
  const durations: number[] = []
  let spent = 0
  while (durations.length < TIMED_RUNS && spent < TIMING_BUDGET_MS) {
    const started = performance.now()
    await session.run(feed)
    durations.push(performance.now() - started)
    spent += durations.at(-1) ?? 0
  }
  const logits = result[session.outputNames[0] ?? '']?.data as Float32Array
  return { probabilities: softmax([...logits]), latencyMs: medianOf(durations) }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2) return sorted[middle] ?? NaN
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}
