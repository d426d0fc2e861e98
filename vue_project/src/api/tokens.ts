import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type TokenView = components['schemas']['TokenView']
export type NewToken = components['schemas']['NewToken']

export const tokensQuery = () =>
  queryOptions({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/tokens', { signal })),
  })

/** Make a token; the answer is the only one with its secret. */
export const createToken = (body: NewToken) => bodyOf(client.POST('/api/v1/tokens', { body }))

export const revokeToken = (id: string) =>
  bodyOf(client.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id: id } } }))
