/** One fault of a request, at the place that a JSON pointer names. */
export interface Fault {
  pointer: string
  message: string
}

/** Messages of the faults at a place or inside it: `/target` also collects `/target/classes/0`. */
export function messagesAt(faults: readonly Fault[], place: string): string[] {
  return faults
    .filter(({ pointer }) => pointer === place || pointer.startsWith(`${place}/`))
    .map(({ message }) => message)
}

/** Faults that belong to none of the places, so that nothing a server says is lost. */
export function faultsElsewhere(faults: readonly Fault[], places: readonly string[]): Fault[] {
  return faults.filter((fault) => places.every((place) => messagesAt([fault], place).length === 0))
}
