/** A target as it was asked for, without the seed of shots where none were drawn. */
export function withoutIdleSeed<T extends object>(target: T): T {
  const hasShots = 'shots' in target && target.shots !== null
  return hasShots ? target : { ...target, shots_seed: null }
}
