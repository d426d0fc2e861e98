import { useQuery } from '@tanstack/vue-query'
import { computed, shallowRef, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { algorithmsQuery, type AlgorithmList, type AlgorithmSearch } from '@/api/algorithms'
import { finetuneSettingsQuery, type FinetuneOffer } from '@/api/finetune'
import { offerInChinese, type Offer } from '@/lib/settingsInChinese'

/** A function that says what the server offers in a language; it follows the reader's. */
function useTranslation() {
  const { locale } = useI18n()
  return computed(() =>
    locale.value === 'en' ? <T extends Offer>(_name: string, offer: T) => offer : offerInChinese,
  )
}

/**
 * The algorithms with their settings, and presets for a model, in the reader's language. The last
 * answer stays until there is the next one, so that a form does not vanish while it is filled in.
 */
export function useAlgorithms(search: () => AlgorithmSearch & { isEnabled?: boolean }) {
  const translation = useTranslation()
  const answer = useQuery(
    computed(() => {
      const { isEnabled = true, ...query } = search()
      const translate = translation.value
      return {
        ...algorithmsQuery(query),
        enabled: isEnabled,
        select: ({ items }: AlgorithmList) => ({
          items: items.map((algorithm) => translate(algorithm.name, algorithm)),
        }),
      }
    }),
  )
  const data = shallowRef<AlgorithmList>()
  watchEffect(() => {
    data.value = answer.data.value ?? data.value
  })
  return { data, error: answer.error, refetch: answer.refetch }
}

/** The settings of fine-tuning, and presets for a data set, in the reader's language. */
export function useFinetuneOffer(dataset: () => string | undefined = () => undefined) {
  const translation = useTranslation()
  return useQuery(
    computed(() => {
      const translate = translation.value
      return {
        ...finetuneSettingsQuery(dataset()),
        select: (offer: FinetuneOffer) => translate('finetune', offer),
      }
    }),
  )
}
