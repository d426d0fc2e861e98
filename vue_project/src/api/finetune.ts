import { keepPreviousData, queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type FinetuningsRequest = components['schemas']['FinetuningsRequest']
export type How = FinetuningsRequest['how'][number]
export type FinetuneOffer = components['schemas']['FinetuneSettingsView']
export type FinetuneResult = components['schemas']['FinetuneResult']
export type FinetuneTable = components['schemas']['FinetuneTableView']
export type FinetuneSummary = components['schemas']['FinetuneSummaryView']

/** What a fine-tuning can be told, and named settings to start from, which depend on the images. */
export const finetuneSettingsQuery = (dataset?: string) =>
  queryOptions({
    queryKey: ['finetune settings', dataset],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/finetunings/settings', {
          params: { query: { dataset: dataset ?? null } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
