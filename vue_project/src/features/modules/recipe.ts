import type { Manifest } from '@/api/modules'

/** The launch page's address with this module's recipe filled in. */
export function recipeQuery({ algorithm, model, target, recipe }: Manifest) {
  return {
    model: model.name,
    ...(target.group === null ? { classes: target.classes } : { group: target.group }),
    ...(target.shots !== null && { shots: target.shots, seed: target.shots_seed }),
    algorithm,
    preset: recipe.preset,
    settings: JSON.stringify(recipe.settings),
  }
}
