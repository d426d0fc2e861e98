import type { Manifest } from '@/api/modules'

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
