import createClient, { type Client, type ClientOptions } from 'openapi-fetch'
import type { paths } from './schema.ts'

export type * from './schema.ts'

/** A typed client of the API: paths, parameters, bodies and answers are checked by the compiler. */
export type CairnClient = Client<paths>

/**
 * @param options.baseUrl address of the service, such as http://127.0.0.1:3000
 * @param options.token the access token, or a function that gives the current one; a request with an `authorization`
 * of its own keeps that
 */
export function createCairnClient({
  token,
  ...options
}: ClientOptions & { token?: string | (() => string | undefined) }): CairnClient {
  const client = createClient<paths>(options)
  client.use({
    async onRequest({ request, schemaPath }) {
      // Who asks for a token shows who it is with the request itself: an old token beside it would be a second way.
      if (schemaPath === '/oauth/token') return asForm(request)
      const current = typeof token === 'function' ? token() : token
      if (current && !request.headers.has('authorization'))
        request.headers.set('authorization', `Bearer ${current}`)
      return request
    },
  })
  return client
}

/** OAuth takes forms where everything else takes JSON, which openapi-fetch writes unless told otherwise. */
async function asForm(request: Request): Promise<Request> {
  const text = await request.text()
  const headers = new Headers(request.headers)
  headers.set('content-type', 'application/x-www-form-urlencoded')
  const body = text.startsWith('{') ? new URLSearchParams(JSON.parse(text)).toString() : text
  return new Request(request, { method: 'POST', headers, body })
}
