import createClient from 'openapi-fetch'
import { toApiError } from './problem'
import type { paths } from './schema'

/** Typed calls to our server, which is where this page came from. */
export const client = createClient<paths>({ baseUrl: window.location.origin })

/** A session's changes carry a word that only our own page can read; see docs/deployment.md. */
client.use({
  onRequest({ request }) {
    const word = /(?:^|; )modelfoundry_csrf=(\w+)/.exec(document.cookie)?.[1]
    if (word && request.method !== 'GET') request.headers.set('X-CSRF-Token', word)
  },
})

interface Reply<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The body of a good answer; anything else is thrown as one `ApiError`. */
export async function bodyOf<Data>(call: Promise<Reply<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch(() => {
    throw toApiError(0, undefined)
  })
  if (!response.ok) throw toApiError(response.status, error)
  return data as Data
}
