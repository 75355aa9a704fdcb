import createClient, { type Client, type ClientOptions } from 'openapi-fetch'
import type { paths } from './schema.ts'

export type * from './schema.ts'

/** A typed client of the API: paths, parameters, bodies and answers are checked by the compiler. */
export type CairnClient = Client<paths>

/**
 * @param options.baseUrl address of the service, such as http://127.0.0.1:3000
 * @param options.token the access token, or a function that gives the current one
 */
export function createCairnClient({
  token,
  ...options
}: ClientOptions & { token?: string | (() => string | undefined) }): CairnClient {
  const client = createClient<paths>(options)
  client.use({
    onRequest({ request }) {
      const current = typeof token === 'function' ? token() : token
      if (current) request.headers.set('authorization', `Bearer ${current}`)
      return request
    },
  })
  return client
}
