import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ModularizePlan, ModularizeRequest, Work } from '@/api/submissions'
import type { SweepRequest } from '@/api/sweeps'
import { targetSize, type TargetSize } from '@/lib/target'
import { readSettings, type Settings } from '@/ui/schema'

/** How the classes of a target are named. */
export const ways = ['classes', 'group', 'random'] as const
export type Way = (typeof ways)[number]

/** What is made of several classes or groups: one module for all, or a module of each. */
export const amounts = ['one', 'each'] as const
export type Amount = (typeof amounts)[number]

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  model: string
  amount: Amount
  way: Way
  classes: string[]
  /** One module is of the first; a module of each is of all of them. */
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

export function readDraft(query: LocationQuery): Draft {
  const texts = (name: string) => [query[name] ?? []].flat().filter((text) => text !== null)
  const text = (name: string) => texts(name)[0] ?? ''
  const meant = text('group') ? 'group' : text('random') ? 'random' : 'classes'
  const draft: Draft = {
    model: text('model'),
    amount: 'one',
    way: ways.find((way) => way === text('by')) ?? meant,
    classes: texts('classes'),
    groups: texts('group'),
    random: text('random'),
    seed: text('seed'),
    shots: text('shots'),
    algorithm: text('algorithm'),
    preset: text('preset'),
    settings: readSettings(text('settings')),
    int8: text('int8') === 'true',
  }
  return text('make') === 'each' ? asEach(draft) : draft
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { model, amount, way, classes, groups, random, seed, shots } = draft
  const { algorithm, preset, settings, int8 } = draft
  const isMeant = way === 'group' ? groups.length > 0 : random !== ''
  return {
    ...(model && { model }),
    ...(amount === 'each' && { make: amount }),
    ...(!isMeant && way !== 'classes' && { by: way }),
    ...(way === 'classes' && classes.length > 0 && { classes }),
    ...(way === 'group' && groups.length > 0 && { group: groups }),
    ...(way === 'random' && random && { random }),
    ...(seed && { seed }),
    ...(shots && { shots }),
    ...(algorithm && { algorithm }),
    ...(preset && { preset }),
    ...(Object.keys(settings).length > 0 && { settings: JSON.stringify(settings) }),
    ...(int8 && { int8: 'true' }),
  }
}

/** Whether the draft says what modules are to be made of; each without names is every class. */
export function isNamed({ amount, way, classes, groups, random }: Draft): boolean {
  const hasClasses = classes.length > 0 || amount === 'each'
  return { classes: hasClasses, group: groups.length > 0, random: random !== '' }[way]
}

/**
 * The kind of target that the server infers: one class is a yes-or-no question; several are told
 * apart from each other.
 */
export function kindOf({ amount, way, classes, random }: Draft): 'binary' | 'multi-class' {
  const isOneClass = amount === 'each' || classes.length <= 1
  const isOne = { classes: isOneClass, group: false, random: Number(random) <= 1 }[way]
  return isOne ? 'binary' : 'multi-class'
}

/** How large the target is, on which the presets depend. */
export function sizeOf(
  { amount, way, classes, groups, random, shots }: Draft,
  known: readonly { name: string; classes: readonly string[] }[],
): TargetSize {
  const ofGroup = known.find(({ name }) => name === groups[0])?.classes.length
  const named = { classes: amount === 'each' ? 1 : classes.length, group: ofGroup, random }
  return targetSize(named[way], shots)
}

/** The draft of a module of each: classes or groups, since drawn classes belong together. */
export function asEach(draft: Draft): Draft {
  return { ...draft, amount: 'each', way: draft.way === 'random' ? 'classes' : draft.way }
}

type Target = ModularizeRequest['target']
type SweepTargets = SweepRequest['targets']

/** What a module of some classes, or of a group, is made for. */
function targetOf(draft: Draft, named: { classes?: string[]; group?: string }): Target {
  const { way, random, seed, shots } = draft
  return {
    kind: null,
    classes: named.classes ?? [],
    group: named.group ?? null,
    groups: [],
    random: way === 'random' && random ? { count: Number(random), seed: Number(seed) } : null,
    shots: shots ? Number(shots) : null,
    shots_seed: Number(seed),
  }
}

/** A target for each of the chosen classes or groups, or for each class. */
function targetsOf(draft: Draft, known: readonly string[]): SweepTargets {
  if (draft.way === 'group') return draft.groups.map((group) => targetOf(draft, { group }))
  if (draft.classes.length === 0 && draft.shots === '') return 'every class'
  const names = draft.classes.length > 0 ? draft.classes : known
  return names.map((name) => targetOf(draft, { classes: [name] }))
}

function targetOfOne(draft: Draft): Target {
  const { way, classes, groups } = draft
  const [group] = groups
  if (way === 'group' && group) return targetOf(draft, { group })
  return targetOf(draft, { classes: way === 'classes' ? classes : [] })
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

/**
 * What the draft asks for: one job, or a group of them where a module of each is wanted of an
 * algorithm that makes one at a time.
 */
export function toWork(
  draft: Draft,
  {
    isJoint,
    known,
  }: {
    /** Whether the algorithm makes all modules in one search. */
    isJoint: boolean
    /** The classes of the model. */
    known: readonly string[]
  },
): Work {
  const { model, amount, algorithm, preset, settings, int8 } = draft
  const exports: ModularizeRequest['exports'] = int8 ? ['int8'] : []
  const recipe = { algorithm, preset: preset || null, settings, exports }
  const one = (target: Target): Work => ({
    kind: 'modularize',
    request: { model, target, ...recipe },
  })
  if (isJoint) return one(targetOfEach(draft))
  if (amount === 'one') return one(targetOfOne(draft))
  const targets = targetsOf(draft, known)
  const [first, ...others] = targets
  if (typeof first === 'object' && others.length === 0) return one(first)
  return { kind: 'sweeps', request: { models: [model], targets, ...recipe, grid: {}, seeds: [] } }
}

/** Where in a form for one target a fault of a group of jobs belongs. */
export function placeInForm(pointer: string): string {
  return pointer.replace(/^\/models\/0/, '/model').replace(/^\/targets(\/\d+)?/, '/target')
}

/** What a job was asked for, as a draft to change and send again. */
export function draftOf(request: object): Draft {
  const { model, target, algorithm, preset, settings, exports } = request as ModularizePlan
  const { kind, classes, group, groups, random, shots, shots_seed } = target
  const named = kind === 'each' ? [...groups] : [group ?? []].flat()
  const way = named.length > 0 ? 'group' : random ? 'random' : 'classes'
  return {
    ...readDraft({}),
    model,
    way,
    classes: way === 'classes' ? [...classes] : [],
    groups: named,
    random: random ? String(random.count) : '',
    seed: random ? String(random.seed) : shots === null ? '' : String(shots_seed),
    shots: shots === null ? '' : String(shots),
    algorithm,
    preset,
    settings: readSettings(JSON.stringify(settings)),
    int8: exports.includes('int8'),
  }
}
