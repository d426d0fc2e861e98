import type { Fact, Subject, Value } from './subjects'

/** One line of the table; `values` has an entry for each subject. */
export interface Row extends Omit<Fact, 'value'> {
  values: readonly Value[]
  differs: boolean
}

/** Put the facts of all subjects beside each other; what only some have is absent in the others. */
export function rowsOf(subjects: readonly Subject[]): Row[] {
  const rows = new Map<string, Row>()
  subjects.forEach(({ facts }, at) => {
    for (const { value, ...fact } of facts) {
      const key = [fact.section, fact.name, fact.batch ?? ''].join('/')
      const before = rows.get(key)?.values ?? subjects.map(() => undefined)
      const values = before.map((each, place) => (place === at ? value : each))
      rows.set(key, { ...fact, values, differs: new Set(values).size > 1 })
    }
  })
  return [...rows.values()].filter(({ values }) => values.some((value) => value !== undefined))
}

/** The different problems that are solved; more than one cannot be compared. */
export function problemsOf(subjects: readonly Subject[]): string[] {
  return [...new Set(subjects.map(({ problem }) => problem))]
}
