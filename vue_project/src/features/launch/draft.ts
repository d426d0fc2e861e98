import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ModularizeRequest } from '@/api/submissions'
import type { Settings } from '@/ui/schema'

/** What a person has chosen so far; it lives in the address, so that it can be shared. */
export interface Draft {
  model: string
  classes: string[]
  /** Empty: the first one there is. */
  algorithm: string
  /** Empty: the algorithm's default for this model and target. */
  preset: string
  /** Only what differs from the preset. */
  settings: Settings
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
  return {
    model: text('model'),
    classes: texts('classes'),
    algorithm: text('algorithm'),
    preset: text('preset'),
    settings: readSettings(text('settings')),
  }
}

export function writeDraft(draft: Draft): LocationQueryRaw {
  const { model, classes, algorithm, preset, settings } = draft
  return {
    ...(model && { model }),
    ...(classes.length > 0 && { classes }),
    ...(algorithm && { algorithm }),
    ...(preset && { preset }),
    ...(Object.keys(settings).length > 0 && { settings: JSON.stringify(settings) }),
  }
}

/** The kind of target that the server infers: one class is a yes-or-no question; several are told apart from each other. */
export function kindOf(classes: readonly string[]): 'binary' | 'multi-class' {
  return classes.length > 1 ? 'multi-class' : 'binary'
}

export function toRequest(draft: Draft): ModularizeRequest {
  const { model, classes, algorithm, preset, settings } = draft
  return { model, target: { kind: null, classes }, algorithm, preset: preset || null, settings }
}
