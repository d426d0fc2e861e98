import type { Manifest } from '@/api/modules'

type Recipe = Pick<Manifest, 'algorithm' | 'model' | 'target' | 'recipe'>

/** The launch page's address with this module's recipe filled in. */
export function recipeQuery({ algorithm, model, target, recipe }: Recipe) {
  return {
    ...classQuery({ model, target }),
    ...(target.shots !== null && { shots: target.shots, seed: target.shots_seed }),
    algorithm,
    preset: recipe.preset,
    settings: JSON.stringify(recipe.settings),
  }
}

/**
 * The same for a module that one search made together with others: what that job was asked for, or
 * every class of the model where it is not known any more.
 */
export function decompositionQuery(
  { algorithm, model, recipe }: Recipe,
  request: Readonly<Record<string, unknown>> | undefined,
) {
  const target = (request?.['target'] ?? {}) as { classes?: string[]; groups?: string[] }
  return {
    model: model.name,
    ...(target.groups?.length ? { group: target.groups } : { classes: target.classes ?? [] }),
    algorithm,
    preset: recipe.preset,
    settings: JSON.stringify(recipe.settings),
  }
}

/** The launch page's address with this module's model and classes, and nothing else chosen. */
export function classQuery({ model, target }: Pick<Recipe, 'model' | 'target'>) {
  return {
    model: model.name,
    ...(target.group === null ? { classes: target.classes } : { group: target.group }),
  }
}
