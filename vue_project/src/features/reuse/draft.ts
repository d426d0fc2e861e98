import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ReuseMethod, ReuseRequest, Rule } from '@/api/reuse'
import type { ReusePlan } from '@/api/submissions'
import { finetuneDraftOf, writeFinetuneDraft } from './finetuneDraft'

export const methods = [
  'more-accurate',
  'new-task',
  'every-pair',
  'patch',
  'finetune',
] as const satisfies readonly ReuseMethod[]

/** The methods that put modules together. */
export type ComposeMethod = Exclude<ReuseMethod, 'finetune'>

export const rules = [
  'best',
  'published',
  'calibrated',
  'greedy',
] as const satisfies readonly Rule[]

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  method: ComposeMethod
  /** Models whose modules are all in the pool. */
  from: string[]
  /** Ids of single modules in the pool. */
  modules: string[]
  rule: Rule
  /** Outputs of a new task, as class@data set. */
  outputs: string[]
  /** The two data sets of every pair. */
  first: string
  second: string
  /** The weak model of a patch, and what a module is to answer for. */
  model: string
  className: string
  /** Epochs of the network from scratch, as typed; empty: the server's choice. */
  epochs: string
}

export function readMethod(query: LocationQuery): ReuseMethod {
  return methods.find((method) => method === [query['method']].flat()[0]) ?? 'more-accurate'
}

export function readDraft(query: LocationQuery): Draft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const method = readMethod(query)
  return {
    method: method === 'finetune' ? 'more-accurate' : method,
    from: texts('from'),
    modules: texts('module'),
    rule: rules.find((rule) => rule === text('rule')) ?? 'best',
    outputs: texts('output'),
    first: text('first'),
    second: text('second'),
    model: text('model'),
    className: text('class'),
    epochs: text('epochs'),
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { method, from, modules, rule, outputs, first, second, model, className, epochs } = draft
  return {
    ...(method !== 'more-accurate' && { method }),
    ...(from.length > 0 && { from }),
    ...(modules.length > 0 && { module: modules }),
    ...(rule !== 'best' && { rule }),
    ...(outputs.length > 0 && { output: outputs }),
    ...(first && { first }),
    ...(second && { second }),
    ...(model && { model }),
    ...(className && { class: className }),
    ...(epochs && { epochs }),
  }
}

/** Whether the draft says enough for the server to check it. */
export function isBegun(draft: Draft): boolean {
  const hasPool = draft.from.length + draft.modules.length > 0
  const isNamed = {
    'more-accurate': true,
    'new-task': draft.outputs.length > 0,
    'every-pair': draft.first !== '' && draft.second !== '',
    patch: draft.model !== '' && draft.className !== '',
  }
  return hasPool && isNamed[draft.method]
}

type Scratch = Extract<ReuseRequest, { method: 'new-task' }>['scratch']

export function toRequest(draft: Draft): ReuseRequest {
  const { method, rule, outputs, first, second, model, className } = draft
  const pool = { models: draft.from, modules: draft.modules }
  // The server fills in what a partial request leaves open.
  const scratch = { epochs: Number(draft.epochs) } as Scratch
  switch (method) {
    case 'more-accurate':
      return { method, pool, rule }
    case 'new-task': {
      const task = { method, outputs, pool, rule, ...(draft.epochs && { scratch }) }
      return task as ReuseRequest
    }
    case 'every-pair':
      return { method, datasets: [first, second], pool, scratch: draft.epochs ? scratch : null }
    case 'patch':
      return { method, model, class_name: className, pool }
  }
}

/** What a job was asked for, as a draft to change and send again. */
export function draftOf(plan: Exclude<ReusePlan, { method: 'finetune' }>): Draft {
  const empty = readDraft({})
  const { method } = plan
  const pooled = { ...empty, method, modules: [...plan.pool] }
  switch (method) {
    case 'more-accurate':
      return { ...pooled, rule: plan.rule }
    case 'new-task': {
      const outputs = plan.outputs.map(({ class_name, dataset }) => `${class_name}@${dataset}`)
      return { ...pooled, outputs, rule: plan.rule, epochs: String(plan.scratch.epochs) }
    }
    case 'every-pair': {
      const [first, second] = plan.datasets
      return { ...pooled, first, second, epochs: plan.scratch ? String(plan.scratch.epochs) : '' }
    }
    case 'patch':
      return { ...pooled, model: plan.model, className: plan.class_name }
  }
}

/** The address of the form, filled with what a job was asked for. */
export function addressOf(request: object): LocationQueryRaw {
  const plan = request as ReusePlan
  return plan.method === 'finetune'
    ? writeFinetuneDraft(finetuneDraftOf(plan))
    : writeDraft(draftOf(plan))
}
