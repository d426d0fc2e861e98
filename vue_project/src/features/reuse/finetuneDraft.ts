import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { FinetuningsRequest, How } from '@/api/finetune'
import type { ReuseRequest } from '@/api/reuse'
import type { ReusePlan, Work } from '@/api/submissions'
import { listedNumbers } from '@/lib/listed'
import { readSettings, type Settings } from '@/ui/schema'

export const hows = ['seam', 'standard', 'scratch'] as const satisfies readonly How[]
const USUAL: readonly How[] = ['seam', 'standard']

/** What a person has chosen of a fine-tuning; it lives in the address, so that it can be shared. */
export interface FinetuneDraft {
  model: string
  dataset: string
  hows: readonly How[]
  /** Empty: the first one there is. */
  preset: string
  /** Only what differs from the preset. */
  settings: Settings
  /** Shares of weights to remove, as typed; empty: the preset's. */
  thresholds: string
  /** How many seeds, as typed. */
  seeds: string
  hasAttack: boolean
}

export function readFinetuneDraft(query: LocationQuery): FinetuneDraft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const named = hows.filter((how) => texts('how').includes(how))
  return {
    model: text('model'),
    dataset: text('dataset'),
    hows: named.length > 0 ? named : USUAL,
    preset: text('preset'),
    settings: readSettings(text('settings')),
    thresholds: text('thresholds'),
    seeds: text('seeds') || '1',
    hasAttack: text('attack') !== 'off',
  }
}

export function writeFinetuneDraft(draft: FinetuneDraft): LocationQueryRaw {
  const { model, dataset, preset, settings, thresholds, seeds } = draft
  return {
    method: 'finetune',
    ...(model && { model }),
    ...(dataset && { dataset }),
    ...(draft.hows.join() !== USUAL.join() && { how: [...draft.hows] }),
    ...(preset && { preset }),
    ...(Object.keys(settings).length > 0 && { settings: JSON.stringify(settings) }),
    ...(thresholds && { thresholds }),
    ...(seeds !== '1' && { seeds }),
    ...(!draft.hasAttack && { attack: 'off' }),
  }
}

export function toFinetunings(draft: FinetuneDraft): FinetuningsRequest {
  const { model, dataset, preset, settings } = draft
  const count = Math.max(1, Math.min(100, Math.trunc(Number(draft.seeds)) || 1))
  const request = {
    model,
    dataset,
    how: [...draft.hows],
    thresholds: draft.hows.includes('seam') ? listedNumbers(draft.thresholds) : [],
    seeds: Array.from({ length: count }, (_, seed) => seed),
    preset: preset || null,
    config: settings,
    ...(!draft.hasAttack && { attack: null }),
  }
  return request as FinetuningsRequest // the server fills in what is left open
}

/** The one fine-tuning that a draft asks for; undefined where it asks for several. */
export function toSingle(draft: FinetuneDraft): ReuseRequest | undefined {
  const { model, dataset, how, thresholds, seeds, preset, config } = toFinetunings(draft)
  if (how.length > 1 || thresholds.length > 1 || seeds.length > 1) return undefined
  const [threshold] = thresholds
  const request = {
    method: 'finetune',
    model,
    dataset,
    how: how[0],
    preset,
    config: threshold === undefined ? config : { ...config, prune_threshold: threshold },
    attack: draft.hasAttack ? {} : null,
  }
  return request as ReuseRequest
}

/** What the draft asks for: one fine-tuning, or a group of them. */
export function toWork(draft: FinetuneDraft): Work {
  const single = toSingle(draft)
  return single
    ? { kind: 'reuse', request: single }
    : { kind: 'finetunings', request: toFinetunings(draft) }
}

/** What a job was asked for, as a draft to change and send again. */
export function finetuneDraftOf(plan: Extract<ReusePlan, { method: 'finetune' }>): FinetuneDraft {
  const { prune_threshold: threshold, ...settings } = plan.config
  return {
    model: plan.model,
    dataset: plan.dataset,
    hows: [plan.how],
    preset: plan.preset,
    settings: readSettings(JSON.stringify(settings)),
    thresholds: plan.how === 'seam' ? String(threshold) : '',
    seeds: '1',
    hasAttack: plan.attack !== null,
  }
}
