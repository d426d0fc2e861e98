/** The difference of two pictures, made visible. */

const MIDDLE = 128
const REACH = 127
const MOST = 255
const OPAQUE = 255
const CHANNELS = 4

/** By what the difference is multiplied: as much as shows its largest value; a whole number. */
export function factorFor(clean: Uint8ClampedArray, attacked: Uint8ClampedArray): number {
  let largest = 0
  for (const [at, value] of clean.entries()) {
    if (at % CHANNELS !== CHANNELS - 1) {
      largest = Math.max(largest, Math.abs(value - (attacked[at] ?? 0)))
    }
  }
  return largest === 0 ? 1 : Math.max(1, Math.floor(REACH / largest))
}

/** Grey where nothing changed, lighter where the attacked picture is, darker where the clean is. */
export function difference(
  clean: Uint8ClampedArray,
  attacked: Uint8ClampedArray,
  factor: number,
): Uint8ClampedArray {
  return clean.map((value, at) => {
    if (at % CHANNELS === CHANNELS - 1) return OPAQUE
    return Math.min(MOST, Math.max(0, MIDDLE + factor * ((attacked[at] ?? 0) - value)))
  })
}
