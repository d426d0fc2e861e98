type Value = string | number | null

interface Order<T> {
  /** The name of a column, or `-name` downwards; an empty or unknown one changes nothing. */
  sort: string
  /** What a row has in a column; rows that have nothing come last, whichever way. */
  valueOf: (row: T, name: string) => Value
}

/** Sort the rows of a table: numbers by size, names as people do. */
export function sorted<T>(rows: readonly T[], { sort, valueOf }: Order<T>): T[] {
  const isDown = sort.startsWith('-')
  const name = isDown ? sort.slice(1) : sort
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a, name), valueOf(b, name)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), undefined, { numeric: true })
    return isDown ? -order : order
  })
}
