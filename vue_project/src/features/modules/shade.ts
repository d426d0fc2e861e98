/** How many shades there are; see `--shade-0` and those after it among the tokens. */
export const SHADES = 5

/** The shade of a share: 0 for the first fifth of 0-1, 4 for the last. */
export function shadeOf(ratio: number): number {
  return Math.min(SHADES - 1, Math.floor(ratio * SHADES))
}
