import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { datasetsQuery } from '@/api/datasets'
import { modelsQuery } from '@/api/models'
import { jobTitleInChinese, type Named, type TitleOf } from '@/lib/jobTitle'
import { sweepTitleInChinese, type NamedSweep } from '@/lib/sweepTitle'

type Items = readonly { name: string; title: string }[] | undefined

/** Names are shown until the titles are here, and for what has been deleted. */
function titlesOf(items: Items): TitleOf {
  const titles = new Map(items?.map(({ name, title }) => [name, title]))
  return (name) => titles.get(name) ?? name
}

/** The titles of models and data sets by name, asked for only where they are needed. */
function useTitles() {
  const { locale } = useI18n()
  const isForeign = computed(() => locale.value !== 'en')
  const models = useQuery(computed(() => ({ ...modelsQuery(), enabled: isForeign.value })))
  const datasets = useQuery(computed(() => ({ ...datasetsQuery(), enabled: isForeign.value })))
  const titles = computed(() => ({
    model: titlesOf(models.data.value?.items),
    dataset: titlesOf(datasets.data.value?.items),
  }))
  return { isForeign, titles }
}

/** What a job is called in the reader's language; the server's own titles are English. */
export function useJobTitle() {
  const { isForeign, titles } = useTitles()
  return (job: Named) => (isForeign.value ? jobTitleInChinese(job, titles.value) : job.title)
}

/** The same for a sweep. */
export function useSweepTitle() {
  const { isForeign, titles } = useTitles()
  return (sweep: NamedSweep) =>
    isForeign.value ? sweepTitleInChinese(sweep, titles.value) : sweep.title
}
