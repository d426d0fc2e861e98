import { useQueries, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { cardPageQuery } from '@/api/cards'
import type { ModelView } from '@/api/models'
import { moduleQuery } from '@/api/modules'

export type Model = Pick<ModelView, 'name' | 'title' | 'dataset' | 'classes'>

const ALGORITHM = 'gradsplitter'

/** What a pool can be made of, and what is known of the chosen modules. */
export function usePool(
  chosen: () => readonly string[],
  { models }: { models: () => readonly Model[] },
) {
  const cards = useQuery(
    cardPageQuery({ ready: ['true'], kind: ['binary'], algorithm: [ALGORITHM], limit: 1 }),
  )
  const details = useQueries({ queries: computed(() => chosen().map((id) => moduleQuery(id))) })

  /** Models that have been cut into a module for each class. */
  const splitModels = computed(() =>
    (cards.data.value?.facets.model ?? []).map(({ value, count }) => ({
      value,
      title: `${models().find(({ name }) => name === value)?.title ?? value} (${String(count)})`,
    })),
  )
  const hasModules = computed(() => (cards.data.value?.facets.algorithm ?? []).length > 0)
  const modules = computed(() =>
    chosen().map((id, at) => {
      const manifest = details.value[at]?.data?.manifest
      return {
        id,
        title: manifest ? `${manifest.title} · ${manifest.model.title}` : id,
        dataset: manifest?.dataset.name,
      }
    }),
  )

  return { cards, splitModels, hasModules, modules }
}
