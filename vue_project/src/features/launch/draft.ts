import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ModularizeRequest, PlanView } from '@/api/submissions'
import type { Settings } from '@/ui/schema'

/** How the classes of a target are named. */
export const ways = ['classes', 'group', 'random'] as const
export type Way = (typeof ways)[number]

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  model: string
  way: Way
  classes: string[]
  group: string
  /** Those to make a module of each, where the algorithm can. */
  groups: string[]
  /** Numbers are kept as they are typed; the server says what is wrong with them. */
  random: string
  /** Decides which classes and images are drawn. */
  seed: string
  /** Training images per output; empty: all. */
  shots: string
  /** Empty: the first one there is. */
  algorithm: string
  /** Empty: the algorithm's default for this model and target. */
  preset: string
  /** Only what differs from the preset. */
  settings: Settings
  /** Whether an int8 file is wanted too. */
  int8: boolean
}

function readSettings(text: string): Settings {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {}
    const simple = Object.entries(parsed).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    )
    return Object.fromEntries(simple) as Settings
  } catch {
    return {}
  }
}

export function readDraft(query: LocationQuery): Draft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const meant = text('group') || text('groups') ? 'group' : text('random') ? 'random' : 'classes'
  return {
    model: text('model'),
    way: ways.find((way) => way === text('by')) ?? meant,
    classes: texts('classes'),
    group: text('group'),
    groups: texts('groups'),
    random: text('random'),
    seed: text('seed'),
    shots: text('shots'),
    algorithm: text('algorithm'),
    preset: text('preset'),
    settings: readSettings(text('settings')),
    int8: text('int8') === 'true',
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { model, way, classes, group, groups, random, seed, shots } = draft
  const { algorithm, preset, settings, int8 } = draft
  const isMeant = way === 'group' ? group !== '' || groups.length > 0 : isNamed(draft)
  return {
    ...(model && { model }),
    ...(!isMeant && way !== 'classes' && { by: way }),
    ...(way === 'classes' && classes.length > 0 && { classes }),
    ...(way === 'group' && group && { group }),
    ...(way === 'group' && groups.length > 0 && { groups }),
    ...(way === 'random' && random && { random }),
    ...(seed && { seed }),
    ...(shots && { shots }),
    ...(algorithm && { algorithm }),
    ...(preset && { preset }),
    ...(Object.keys(settings).length > 0 && { settings: JSON.stringify(settings) }),
    ...(int8 && { int8: 'true' }),
  }
}

/** Whether the draft says which classes the module must know. */
export function isNamed({ way, classes, group, random }: Draft): boolean {
  return { classes: classes.length > 0, group: group !== '', random: random !== '' }[way]
}

/** The kind of target that the server infers: one class is a yes-or-no question; several are told apart from each other. */
export function kindOf({ way, classes, random }: Draft): 'binary' | 'multi-class' {
  const isOne = { classes: classes.length <= 1, group: false, random: Number(random) <= 1 }[way]
  return isOne ? 'binary' : 'multi-class'
}

/** Whether enough is said for a module of each: without names it is every class of the model. */
export function isEachNamed({ way, groups }: Draft): boolean {
  return way !== 'group' || groups.length > 0
}

type Target = ModularizeRequest['target']

function targetOfOne({ way, classes, group, random, seed, shots }: Draft): Target {
  return {
    kind: null,
    classes: way === 'classes' ? classes : [],
    group: way === 'group' && group ? group : null,
    groups: [],
    random: way === 'random' && random ? { count: Number(random), seed: Number(seed) } : null,
    shots: shots ? Number(shots) : null,
    shots_seed: Number(seed),
  }
}

function targetOfEach({ way, classes, groups }: Draft): Target {
  return {
    kind: 'each',
    classes: way === 'group' ? [] : classes,
    group: null,
    groups: way === 'group' ? groups : [],
    random: null,
    shots: null,
    shots_seed: 0,
  }
}

/** What the draft asks for; `makesEach` tells that its algorithm makes a module of each class. */
export function toRequest(draft: Draft, { makesEach }: { makesEach: boolean }): ModularizeRequest {
  const { model, algorithm, preset, settings, int8 } = draft
  return {
    model,
    target: makesEach ? targetOfEach(draft) : targetOfOne(draft),
    algorithm,
    preset: preset || null,
    settings,
    exports: int8 ? ['int8'] : [],
  }
}

/** What a job was asked for, as a draft to change and send again. */
export function draftOf(request: object): Draft {
  const { model, target, algorithm, preset, settings, exports } = request as PlanView['plan']
  const { kind, classes, group, groups, random, shots, shots_seed } = target
  const isGroup = kind === 'each' ? groups.length > 0 : group !== null
  const way = isGroup ? 'group' : random ? 'random' : 'classes'
  return {
    ...readDraft({}),
    model,
    way,
    classes: way === 'classes' ? [...classes] : [],
    group: kind === 'each' ? '' : (group ?? ''),
    groups: [...groups],
    random: random ? String(random.count) : '',
    seed: random ? String(random.seed) : shots === null ? '' : String(shots_seed),
    shots: shots === null ? '' : String(shots),
    algorithm,
    preset,
    settings: readSettings(JSON.stringify(settings)),
    int8: exports.includes('int8'),
  }
}
