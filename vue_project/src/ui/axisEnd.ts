interface Extent {
  min: number
  max: number
}

/**
 * Tell the chart library where an axis ends whose values cannot pass `most`: there, if the end
 * that it would choose for itself could lie beyond. It chooses one where this returns null.
 */
export function axisEnd(most: number | undefined) {
  return ({ min, max }: Extent): number | null => {
    // Ends are rounded by up to half of what the data span, or of the value where all are alike.
    const room = (max > min ? max - min : max) / 2
    return most !== undefined && max + room > most ? most : null
  }
}
