/** A model and its data set in words; models are often named after the set, which is said once. */
export function describeOrigin(model: string, dataset: string): string[] {
  return model.includes(dataset) ? [model] : [model, dataset]
}
