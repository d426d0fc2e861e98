/** Whether there is room for two columns; where there is not, what is less needed starts folded. */
export function isWide(): boolean {
  return window.matchMedia('(min-width: 861px)').matches
}
