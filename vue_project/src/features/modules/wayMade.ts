import type { Manifest } from '@/api/modules'
import { describeOrigin } from '@/lib/origin'

/** How a module was made: the last part of a message's name, and what the message needs. */
export function wayMade({ model, dataset, finetuning, parents }: Manifest) {
  const facts = { origin: model.title, dataset: dataset.title }
  if (finetuning) return { way: finetuning.how === 'scratch' ? 'startedAnew' : 'finetuned', facts }
  const [first, ...others] = parents
  // What a composed module stands beside is no part of it, unless it was patched.
  if (others.length) return { way: 'putTogether', facts: { ...facts, count: parents.length } }
  if (first) return { way: 'patched', facts: { ...facts, name: first.class } }
  return { way: 'cutOut', facts: { origin: describeOrigin(model.title, dataset.title).join(', ') } }
}
