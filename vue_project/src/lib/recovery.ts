interface Made {
  search: { recover: string }
  recipe: { settings: Record<string, unknown> }
}

/** What was trained after the search, and whether the original's logits were learned from too. */
export function recoveryOf({ search, recipe }: Made): string {
  const isTaught = search.recover !== 'none' && Number(recipe.settings['distillation'] ?? 0) > 0
  return isTaught ? `${search.recover}_taught` : search.recover
}
