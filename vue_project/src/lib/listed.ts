/** What was typed into one field with commas, semicolons or spaces between. */
export function listed(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean)
}

/** Numbers as typed; a word that is none is kept as it is, for the server to say so of it. */
export function listedNumbers(typed: string): number[] {
  return listed(typed).map((word) => {
    const value = Number(word)
    return Number.isFinite(value) ? value : (word as unknown as number)
  })
}
