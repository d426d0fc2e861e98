/** What presets need to know of a target besides its kind; absent: all classes, all images. */
export interface TargetSize {
  num_classes?: number
  shots?: number
}

/** Read both as they are typed, and leave out what is no count. */
export function targetSize(classes: number | string | undefined, images: string): TargetSize {
  const [num_classes, shots] = [Number(classes), Number(images)]
  const isCount = (value: number) => Number.isInteger(value) && value > 0
  return { ...(isCount(num_classes) && { num_classes }), ...(isCount(shots) && { shots }) }
}

/** A target as it was asked for, without the seed of shots where none were drawn. */
export function withoutIdleSeed<T extends object>(target: T): T {
  const hasShots = 'shots' in target && target.shots !== null
  return hasShots ? target : { ...target, shots_seed: null }
}
