import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { EstimatorsRequest, TrainPlan, TrainRequest, Work } from '@/api/submissions'
import { listed, listedNumbers } from '@/lib/listed'

const texts = ['name', 'dataset', 'architectures', 'subsets', 'epochs', 'batch', 'rate'] as const
type Text = (typeof texts)[number]

/** What a person has typed so far; it lives in the address, so that it can be shared. */
export type Draft = Record<Text, string> & {
  published: boolean
}

export function readDraft(query: LocationQuery): Draft {
  const text = (name: string) => [query[name] ?? []].flat()[0] ?? ''
  return {
    ...(Object.fromEntries(texts.map((name) => [name, text(name)])) as Record<Text, string>),
    published: text('published') === 'yes',
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const typed = texts.filter((name) => draft[name]).map((name) => [name, draft[name]])
  return {
    ...(Object.fromEntries(typed) as Record<string, string>),
    ...(draft.published && { published: 'yes' }),
  }
}

/** Whether enough is typed to ask the server what it thinks of it. */
export function isBegun(draft: Draft): boolean {
  return Boolean(draft.dataset && draft.architectures.trim() && (isGroup(draft) || draft.name))
}

/** Several models, of biased subsets, rather than one of all images. */
export function isGroup({ subsets, architectures }: Draft): boolean {
  return listed(subsets).length > 0 || listed(architectures).length > 1
}

/** What the draft asks for: one training, or a group of them. */
export function toWork(draft: Draft): Work {
  return isGroup(draft)
    ? { kind: 'estimators', request: toGroup(draft) }
    : { kind: 'train', request: toRequest(draft) }
}

export function toGroup(draft: Draft): EstimatorsRequest {
  return {
    ...settingsOf(draft),
    name: draft.name || null,
    architectures: listed(draft.architectures),
    dataset: draft.dataset,
    subset_seeds: listedNumbers(draft.subsets),
    concentration: null,
    min_size: null,
  }
}

export function toRequest(draft: Draft): TrainRequest {
  return {
    ...settingsOf(draft),
    name: draft.name,
    architecture: draft.architectures.trim(),
    dataset: draft.dataset,
    subset: null,
    validation_fraction: null,
    seed: 0,
  }
}

function settingsOf({ published, epochs, batch, rate }: Draft) {
  const number = (typed: string) => (typed ? Number(typed) : null)
  return {
    published,
    epochs: number(epochs),
    batch_size: number(batch),
    learning_rate: number(rate),
    weight_decay: null,
    augment: true,
    flip: null,
    keep: 'best' as const,
  }
}

/** What a job was asked for, as a draft to change and send again; a model's name is used once. */
export function draftOf(request: object): Draft {
  const plan = request as TrainPlan
  return {
    name: `${plan.name}-2`,
    dataset: plan.dataset,
    architectures: plan.architecture,
    subsets: plan.subset ? String(plan.subset.seed) : '',
    epochs: String(plan.epochs),
    batch: String(plan.batch_size),
    rate: String(plan.learning_rate),
    published: false,
  }
}
