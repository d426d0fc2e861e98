/**
 * The part of a bundle's `manifest.json` (format version 1) that its page shows. It is a file
 * format of its own, which the API hands on as it is.
 */
export interface Manifest {
  algorithm: string
  made_with: string
  recipe: { preset: string; settings: Record<string, string | number | boolean> }
  target: { kind: string; classes: string[]; outputs: string[] }
  model: {
    name: string
    title: string
    architecture: string
    origin: string
    license: string
    weights_sha256: string
    num_parameters: number
  }
  dataset: {
    name: string
    title: string
    license: string
    content_sha256: string
    images: { train: number; validation: number; test: number }
  }
  search: { epochs: number; chosen_epoch: number; wall_s: number; device: string }
  measures: { original: Measures; module: Measures }
  latency_setup: { engine: string; device: string; threads: number; runs: number }
  layers: Layer[]
  agreement: { images: number; max_abs_difference: Record<string, number>; labels_equal: boolean }
  load: Record<string, string>
  reproduce: string
}

/** Weights and multiply-adds count the masked layers; latency is in ms by batch size. */
export interface Measures {
  accuracy_validation: number
  accuracy_test: number
  weights_kept: number
  weights_total: number
  retained_ratio: number
  head_parameters: number
  macs_dense: number
  macs_masked: number
  file_size_bytes: number
  latency_ms: Record<string, number>
}

export interface Layer {
  name: string
  kind: string
  weights_total: number
  weights_kept: number
}

/** The launch page's address with this module's recipe filled in. */
export function recipeQuery({ algorithm, model, target, recipe }: Manifest) {
  return {
    model: model.name,
    classes: target.classes,
    algorithm,
    preset: recipe.preset,
    settings: JSON.stringify(recipe.settings),
  }
}
