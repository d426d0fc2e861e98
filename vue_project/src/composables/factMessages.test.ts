import { expect, it } from 'vitest'
import { en } from './factMessages'

interface Schema {
  type?: string
  $ref?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  const?: unknown
  enum?: unknown[]
}

const [openapi] = Object.values(
  import.meta.glob<{ components: { schemas: Record<string, Schema> } }>('../../openapi.json', {
    import: 'default',
    eager: true,
  }),
)
const schemas = openapi?.components.schemas ?? {}
const known: ReadonlySet<string> = new Set(Object.keys(en.facts))

/** The schemas that a schema may stand for. */
function meant(schema: Schema): Schema[] {
  if (schema.$ref) return meant(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
  const others = schema.anyOf ?? schema.oneOf
  return others ? others.flatMap(meant) : [schema]
}

/** The fields of a plan by their paths, with the values that a field can only have. */
function fieldsOf(schema: Schema, path: string[] = []): [path: string[], values: unknown[]][] {
  return meant(schema).flatMap((each) => {
    if (each.properties) {
      return Object.entries(each.properties).flatMap(([name, part]) =>
        fieldsOf(part, [...path, name]),
      )
    }
    if (each.type === 'null') return []
    return path.length > 0 ? [[path, each.enum ?? (each.const ? [each.const] : [])]] : []
  })
}

const plans = ['ModularizePlan', 'TrainPlan', 'EvaluatePlan', 'RobustnessPlan', 'BackdoorPlan']
const isServed = ([[first]]: [string[], unknown]) => first === 'config' // has titles of its own
const fields = [...plans, 'AnyReusePlan']
  .flatMap((plan) => fieldsOf(schemas[plan] ?? {}))
  .map(([[first = '', ...rest], values]): [string[], unknown[]] => [
    first === 'settings' ? rest : [first, ...rest], // these are shown in a list of their own
    values,
  ])
  .filter(([path]) => path.length > 0)
  .filter((field) => !isServed(field))

it('has words for every field that a job can be asked with', () => {
  const isSaid = (path: string[]): boolean =>
    known.has(path.join('_')) ||
    (path.length > 1 && isSaid(path.slice(0, -1)) && isSaid(path.slice(-1)))

  expect(fields.length).toBeGreaterThan(60)
  expect(fields.filter(([path]) => !isSaid(path)).map(([path]) => path.join('.'))).toEqual([])
})

it('has words for every value that can be chosen', () => {
  const isSaid = (path: string[], value: unknown) =>
    [path.join('_'), path.at(-1)].some((name) => known.has(`${name ?? ''}_is_${String(value)}`))
  const unsaid = fields.flatMap(([path, values]) =>
    values.filter((value) => !isSaid(path, value)).map((value) => [...path, value]),
  )

  expect(unsaid).toEqual([])
})
