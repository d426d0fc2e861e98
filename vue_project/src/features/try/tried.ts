import type { Answer, Prediction } from '@/api/predict'
import type { Picture, Seen } from './picture'

/** A picture and what was said of it. */
export interface Tried {
  /** Tells it from the others, also where the same picture is tried twice. */
  number: number
  name: string
  label: string | undefined
  /** The picture as the networks saw it. */
  url: string
  notes: readonly string[]
  answers: readonly Answer[]
}

/** Where networks run. */
export type Engine = 'browser' | 'server'

/** What is asked, in the page's memory: the module first. */
export interface Asked {
  role: Answer['role']
  name: string
  outputs: readonly string[]
}

/** An answer from this page, in the form of one from the server. */
export function toAnswer(
  { role, name, outputs }: Asked,
  said: { probabilities: readonly number[]; latencyMs: number },
): Answer {
  const scores = outputs.map((label, at) => ({ label, probability: said.probabilities[at] ?? 0 }))
  scores.sort((first, second) => second.probability - first.probability)
  return { role, name, scores, latency_ms: said.latencyMs }
}

export function fromBrowser(
  number: number,
  picture: Picture,
  seen: Seen,
  answers: readonly Answer[],
): Tried {
  return {
    number,
    name: picture.name,
    label: picture.label,
    url: seen.url,
    notes: [],
    answers,
  }
}

export function fromServer(number: number, picture: Picture, prediction: Prediction): Tried {
  return {
    number,
    name: picture.name,
    label: picture.label,
    url: prediction.picture_url,
    notes: prediction.notes,
    answers: prediction.answers,
  }
}

/**
 * The answer that would be right for a network, given what is on the picture; undefined where that
 * is none of its answers. A binary module's second output is everything but its classes.
 */
export function rightAnswer(
  label: string | undefined,
  answer: Answer,
  target: { kind: string; classes: readonly string[]; outputs: readonly string[] },
): string | undefined {
  if (label === undefined) return undefined
  const known = answer.scores.map((score) => score.label)
  if (answer.role === 'module' && target.kind === 'binary') {
    return target.classes.includes(label) ? target.outputs[0] : target.outputs[1]
  }
  return known.includes(label) ? label : undefined
}
