import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type WebhookView = components['schemas']['WebhookView']

const at = (id: string) => ({ params: { path: { webhook_id: id } } })

export const webhooksQuery = () =>
  queryOptions({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/webhooks', { signal })),
  })

/** The last messages to a webhook. */
export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/webhooks/{webhook_id}/deliveries', { ...at(id), signal })),
  })

/** Make a webhook; the answer is the only one with its secret. */
export const createWebhook = (url: string) =>
  bodyOf(client.POST('/api/v1/webhooks', { body: { url } }))

/** Send a webhook a message about no job; its answer may take ten seconds. */
export const testWebhook = (id: string) =>
  bodyOf(client.POST('/api/v1/webhooks/{webhook_id}/test', at(id)))

export const deleteWebhook = (id: string) =>
  bodyOf(client.DELETE('/api/v1/webhooks/{webhook_id}', at(id)))
