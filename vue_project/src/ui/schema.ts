/** The part of JSON Schema that settings of an algorithm use, and what a form does with it. */

export type SettingValue = string | number | boolean

export interface SettingSchema {
  type?: 'integer' | 'number' | 'boolean' | 'string'
  title?: string
  description?: string
  default?: SettingValue
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  enum?: string[]
  /** What its values are called, where that is not as they are written. */
  choices?: Record<string, string>
  /** Other settings and the values that one of them must have for this one to do anything. */
  only_if?: Record<string, SettingValue[]>
}

export interface SettingsSchema {
  properties: Record<string, SettingSchema>
}

export type Settings = Record<string, SettingValue>

/** Settings as an address keeps them; what is no setting is left out. */
export function readSettings(text: string): Settings {
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

/** What a value is called. */
export function titleOf({ choices }: SettingSchema, value: SettingValue): string {
  return choices?.[String(value)] ?? String(value)
}

/** What a person typed becomes a number where it is one; the server judges what is left. */
export function parseSetting(schema: SettingSchema, typed: string): SettingValue {
  const isNumber = schema.type === 'integer' || schema.type === 'number'
  const value = Number(typed)
  return isNumber && typed.trim() !== '' && Number.isFinite(value) ? value : typed
}

/** The setting, with its value, that keeps another one from doing anything; none if it works. */
export function idledBy(
  schema: SettingSchema,
  valueOf: (name: string) => SettingValue,
): { name: string; value: SettingValue } | undefined {
  return Object.entries(schema.only_if ?? {})
    .map(([name, values]) => ({ name, value: valueOf(name), values }))
    .find(({ value, values }) => !values.includes(value))
}

/** Settings that differ from those of a preset: the only ones a request needs to name. */
export function changedSettings(settings: Settings, preset: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => preset[name] !== value),
  )
}

/** The allowed range in words such as "1 – 1000" or "> 0, ≤ 1"; empty where nothing bounds it. */
export function describeRange(schema: SettingSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (minimum !== undefined && maximum !== undefined) {
    return `${String(minimum)} – ${String(maximum)}`
  }
  const bounds: [string, number | undefined][] = [
    ['≥', minimum],
    ['>', exclusiveMinimum],
    ['≤', maximum],
    ['<', exclusiveMaximum],
  ]
  return bounds
    .filter(([, bound]) => bound !== undefined)
    .map(([sign, bound]) => `${sign} ${String(bound)}`)
    .join(', ')
}
