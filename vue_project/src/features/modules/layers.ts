import type { ModuleLayer } from '@/api/modules'

/** One layer in the picture: a column as wide as the layer is large, filled as far as it is kept. */
export interface Column {
  name: string
  x: number
  width: number
  ratio: number
}

/** Widths grow with the square root of the weights, so that small layers stay visible. */
export function columnsOf(
  layers: readonly Pick<ModuleLayer, 'name' | 'weights_total' | 'weights_kept'>[],
  { width, gap }: { width: number; gap: number },
) {
  const sizes = layers.map((layer) => Math.sqrt(layer.weights_total))
  const unit =
    (width - gap * (layers.length - 1)) /
    Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    )
  let x = 0
  return layers.map((layer, index): Column => {
    const column = {
      name: layer.name,
      x,
      width: unit * (sizes[index] ?? 0),
      ratio: layer.weights_kept / layer.weights_total,
    }
    x += column.width + gap
    return column
  })
}
