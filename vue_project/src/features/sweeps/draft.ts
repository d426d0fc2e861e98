import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { SweepRequest } from '@/api/sweeps'
import { targetSize, type TargetSize } from '@/lib/target'
import { readSettings } from '@/ui/schema'

export const targetKinds = ['every class', 'every group', 'chosen', 'random'] as const
export type TargetsKind = (typeof targetKinds)[number]

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  models: string[]
  targets: TargetsKind
  /** Each is a target of its own; they count where `targets` is `chosen`. */
  classes: string[]
  /** The only groups that count where `targets` is `every group`; empty: all there are. */
  groups: string[]
  /** How many classes are drawn for a target, as it is typed; counts where `targets` is `random`. */
  random: string
  /** Training images per output of chosen or drawn classes; empty: all. */
  shots: string
  /** Seeds with commas between; each draws classes or images anew, for a target of its own. */
  draws: string
  /** Whether an int8 file is written too. */
  int8: boolean
  algorithm: string
  preset: string
  /** What was typed for each setting that differs from the preset: values with commas between. */
  values: Record<string, string>
  seeds: string
}

type Value = string | number | boolean
type Target = Exclude<SweepRequest['targets'], string>[number]

function readValues(text: string): Record<string, string> {
  const typed = Object.entries(readSettings(text)).map(([name, value]) => [name, String(value)])
  return Object.fromEntries(typed) as Record<string, string>
}

export function readDraft(query: LocationQuery): Draft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const { seed = '', ...values } = readValues(text('settings'))
  return {
    models: texts('model'),
    targets: targetKinds.find((kind) => kind === text('targets')) ?? 'every class',
    classes: texts('classes'),
    groups: texts('group'),
    random: text('random'),
    shots: text('shots'),
    draws: text('draws') || text('seed'),
    int8: text('int8') === 'true',
    algorithm: text('algorithm'),
    preset: text('preset'),
    values,
    seeds: text('seeds') || seed,
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { models, targets, classes, groups, random, shots, draws, int8 } = draft
  const { algorithm, preset, values, seeds } = draft
  return {
    ...(models.length > 0 && { model: models }),
    ...(targets !== 'every class' && { targets }),
    ...(classes.length > 0 && { classes }),
    ...(groups.length > 0 && { group: groups }),
    ...(random && { random }),
    ...(shots && { shots }),
    ...(draws && { draws }),
    ...(int8 && { int8: 'true' }),
    ...(algorithm && { algorithm }),
    ...(preset && { preset }),
    ...(Object.keys(values).length > 0 && { settings: JSON.stringify(values) }),
    ...(seeds && { seeds }),
  }
}

/** Whether targets are named one by one, so that images can be drawn for each. */
export function takesShots({ targets, groups }: Draft): boolean {
  return targets === 'chosen' || targets === 'random' || groups.length > 0
}

/** How large each of the targets is, on which the presets depend; groups differ. */
export function sizeOf(draft: Draft): TargetSize {
  const { targets, random, shots } = draft
  return targetSize(targets === 'random' ? random : undefined, takesShots(draft) ? shots : '')
}

/** The draft that asks for what an earlier sweep did; targets that a form cannot show are left. */
export function draftOf(request: Partial<SweepRequest>): Draft {
  const { models = [], algorithm = '', preset, seeds = [], exports = [] } = request
  const given = { ...request.settings, ...request.grid }
  return {
    models,
    ...targetsOf(request.targets ?? 'every class'),
    int8: exports.includes('int8'),
    algorithm,
    preset: preset ?? '',
    values: Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    seeds: seeds.join(', '),
  }
}

function targetsOf(targets: SweepRequest['targets']) {
  const all = typeof targets === 'string' ? [] : targets
  const [first] = all
  const isDrawn = all.some(({ random, shots }) => random || shots)
  const seeds = all.map(({ random, shots_seed }) => random?.seed ?? shots_seed)
  const named = first?.random ? 'random' : first?.group ? 'every group' : 'chosen'
  return {
    targets: typeof targets === 'string' ? targets : (named as TargetsKind),
    classes: [...new Set(all.flatMap(({ classes = [] }) => classes))],
    groups: [...new Set(all.flatMap(({ group }) => group ?? []))],
    random: String(first?.random?.count ?? ''),
    shots: String(first?.shots ?? ''),
    draws: isDrawn ? [...new Set(seeds)].join(', ') : '',
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

const anyTarget = { kind: null, classes: [], group: null, groups: [], random: null }

/** Chosen classes or groups one by one, or as many drawn; once for each draw, if there is any. */
function targetsFrom(draft: Draft): SweepRequest['targets'] {
  const { targets, classes, groups, random, shots, draws } = draft
  if (targets === 'every class' || (targets === 'every group' && !groups.length)) return targets
  const isDrawn = targets === 'random' || shots !== ''
  const seeds = isDrawn && draws !== '' ? (valuesOf(draws) as number[]) : [0]
  return seeds.flatMap((seed): Target[] => {
    const drawn = { ...anyTarget, shots: shots === '' ? null : Number(shots), shots_seed: seed }
    if (targets === 'random') return [{ ...drawn, random: { count: Number(random), seed } }]
    if (targets === 'every group') return groups.map((group) => ({ ...drawn, group }))
    return classes.map((name) => ({ ...drawn, classes: [name] }))
  })
}

/** One value is a setting of every job; several are tried in turn. */
export function toRequest(draft: Draft): SweepRequest {
  const given = Object.entries(draft.values).map(([name, text]) => [name, valuesOf(text)] as const)
  return {
    models: draft.models,
    targets: targetsFrom(draft),
    algorithm: draft.algorithm,
    preset: draft.preset || null,
    settings: Object.fromEntries(
      given
        .filter(([, values]) => values.length === 1)
        .map(([name, [value]]) => [name, value ?? '']),
    ),
    grid: Object.fromEntries(given.filter(([, values]) => values.length > 1)),
    seeds: valuesOf(draft.seeds) as number[],
    exports: draft.int8 ? ['int8'] : [],
  }
}
