/** Where a value stands on a slider, 0 to 100, between the least and the largest value. */
export interface Scale {
  low: number
  high: number
  /** Equal steps multiply rather than add; the values must be above 0. */
  isLogarithmic?: boolean
}

const STEPS = 100

function bend({ isLogarithmic }: Scale) {
  return isLogarithmic
    ? { there: (value: number) => Math.log(value), back: (value: number) => Math.exp(value) }
    : { there: (value: number) => value, back: (value: number) => value }
}

export function positionOf(value: number, scale: Scale): number {
  const { there } = bend(scale)
  const [low, high] = [there(scale.low), there(scale.high)]
  if (high <= low) return 0
  return Math.min(STEPS, Math.max(0, ((there(value) - low) / (high - low)) * STEPS))
}

export function valueAt(position: number, scale: Scale): number {
  const { there, back } = bend(scale)
  const [low, high] = [there(scale.low), there(scale.high)]
  return back(low + ((high - low) * position) / STEPS)
}

/** Three digits of a value, rounded to the side that leaves nothing out. */
export function threeDigits(value: number, side: 'down' | 'up'): number {
  if (value === 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)
  const units = value / unit
  const whole = side === 'down' ? Math.floor(units + 1e-9) : Math.ceil(units - 1e-9)
  return Number((whole * unit).toPrecision(3))
}
