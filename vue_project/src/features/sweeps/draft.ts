import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { SweepRequest } from '@/api/sweeps'

export const targetKinds = ['every class', 'every group', 'chosen'] as const
export type TargetsKind = (typeof targetKinds)[number]

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  models: string[]
  targets: TargetsKind
  /** Each is a target of its own; they count where `targets` is `chosen`. */
  classes: string[]
  algorithm: string
  preset: string
  /** What was typed for each setting that differs from the preset: values with commas between. */
  values: Record<string, string>
  seeds: string
}

type Value = string | number | boolean

function readValues(text: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {}
    const simple = Object.entries(parsed).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    )
    return Object.fromEntries(simple.map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}

/** Read an address; `model` and `settings` may come from the page that makes one module. */
export function readDraft(query: LocationQuery): Draft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const { seed = '', ...values } = readValues(text('settings'))
  return {
    models: texts('model'),
    targets: targetKinds.find((kind) => kind === text('targets')) ?? 'every class',
    classes: texts('classes'),
    algorithm: text('algorithm'),
    preset: text('preset'),
    values,
    seeds: text('seeds') || seed,
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { models, targets, classes, algorithm, preset, values, seeds } = draft
  return {
    ...(models.length > 0 && { model: models }),
    ...(targets !== 'every class' && { targets }),
    ...(classes.length > 0 && { classes }),
    ...(algorithm && { algorithm }),
    ...(preset && { preset }),
    ...(Object.keys(values).length > 0 && { settings: JSON.stringify(values) }),
    ...(seeds && { seeds }),
  }
}

/** The draft that asks for what an earlier sweep did; targets that a form cannot show are left. */
export function draftOf(request: Partial<SweepRequest>): Draft {
  const { models = [], targets = 'every class', algorithm = '', preset, seeds = [] } = request
  const given = { ...request.settings, ...request.grid }
  return {
    models,
    targets: typeof targets === 'string' ? targets : 'chosen',
    classes: typeof targets === 'string' ? [] : targets.flatMap(({ classes = [] }) => classes),
    algorithm,
    preset: preset ?? '',
    values: Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    seeds: seeds.join(', '),
  }
}

/** What was typed, as values: numbers and truth values where they are such. */
export function valuesOf(text: string): Value[] {
  const typed = text.split(',').map((each) => each.trim())
  return typed.filter(Boolean).map((each) => {
    if (each === 'true' || each === 'false') return each === 'true'
    return Number.isFinite(Number(each)) ? Number(each) : each
  })
}

const anyTarget = { kind: null, group: null, groups: [], random: null, shots: null, shots_seed: 0 }

/** One value is a setting of every job; several are tried in turn. */
export function toRequest(draft: Draft): SweepRequest {
  const given = Object.entries(draft.values).map(([name, text]) => [name, valuesOf(text)] as const)
  return {
    models: draft.models,
    targets:
      draft.targets === 'chosen'
        ? draft.classes.map((name) => ({ ...anyTarget, classes: [name] }))
        : draft.targets,
    algorithm: draft.algorithm,
    preset: draft.preset || null,
    settings: Object.fromEntries(
      given
        .filter(([, values]) => values.length === 1)
        .map(([name, [value]]) => [name, value ?? '']),
    ),
    grid: Object.fromEntries(given.filter(([, values]) => values.length > 1)),
    seeds: valuesOf(draft.seeds) as number[],
    exports: [],
  }
}
