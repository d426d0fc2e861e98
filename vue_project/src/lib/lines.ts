export type Scalar = string | number | boolean

/** A field of a request or a result, by the path to it, and what stands there. */
export type Line = readonly [name: string, value: Scalar]

/** One member of a list; of one with several fields, what each of them holds. */
function describeMember(member: unknown): string {
  return typeof member === 'object' && member !== null
    ? Object.values(member).map(String).join(' · ')
    : String(member)
}

/** Any object line by line: nested names are joined by dots, lists by commas; no empty ones. */
export function linesOf(object: object, prefix = ''): Line[] {
  return Object.entries(object).flatMap(([key, value]: [string, unknown]): Line[] => {
    const name = prefix + key
    if (value === null || value === undefined || value === '') return []
    if (Array.isArray(value)) {
      return value.length > 0 ? [[name, value.map(describeMember).join(', ')]] : []
    }
    if (typeof value === 'object') return linesOf(value, `${name}.`)
    return [[name, value as Scalar]]
  })
}
