import { queryOptions } from '@tanstack/vue-query'
import { bodyOf, client } from './client'
import type { components } from './schema'

export type SessionView = components['schemas']['SessionView']
export type Scope = NonNullable<SessionView['scope']>

/** Who is asking; without a scope they have to log in. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/session', { signal })),
  })

export const logIn = (token: string) => bodyOf(client.POST('/api/v1/session', { body: { token } }))

export const logOut = () => bodyOf(client.DELETE('/api/v1/session'))
