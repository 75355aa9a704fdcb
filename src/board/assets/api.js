// The only way to the service: the public API, with the token of whoever signed in. Tokens stay in this page's memory.

let tokens = null

/** A refusal as the API puts it: `code` to branch on, `detail` to show. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? 'The service did not answer as expected.')
    this.status = status
    this.problem = problem
    this.code = problem.code
  }
}

/** @returns what signing in answered: a session, or what is still missing */
export async function signIn(details) {
  const answer = await send('POST', '/v1/sessions', { body: details })
  if (answer.status === 'signed_in') tokens = answer
  return answer
}

export async function signOut() {
  await call('DELETE', '/v1/sessions/current').catch(() => {})
  tokens = null
}

/**
 * One request. An access token lives for minutes: when it is over, it is refreshed once.
 *
 * @param options.version of what is changed, for If-Match
 * @param options.key says that a repetition is the same request: one for each thing that a person asks for
 * @throws Refusal
 */
export async function call(method, path, options = {}) {
  const used = tokens
  try {
    return await send(method, path, options, used)
  } catch (error) {
    if (error.status !== 401 || !used) throw error
    if (tokens === used)
      tokens = await send('POST', '/v1/sessions/refresh', { body: { refreshToken: used.refreshToken } })
    return send(method, path, options, tokens)
  }
}

export const get = (path, query) => call('GET', query ? `${path}?${searchOf(query)}` : path)

/** Every entry of a list, page by page. */
export async function all(path, query = {}) {
  const found = []
  let cursor
  do {
    const { data, nextCursor } = await get(path, { ...query, limit: 200, cursor })
    found.push(...data)
    cursor = nextCursor
  } while (cursor)
  return found
}

function searchOf(query) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map(entry => [name, entry]))
  return new URLSearchParams(
    pairs.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
}

async function send(method, path, { body, version, key } = {}, session) {
  const headers = {}
  if (session) headers.authorization = `Bearer ${session.accessToken}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (version !== undefined) headers['if-match'] = `"v${version}"`
  if (key !== undefined) headers['idempotency-key'] = key
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Refusal(0, {
      detail: 'The service cannot be reached. Nothing was changed, as far as is known here.',
    })
  })
  const answer = response.status === 204 ? null : await response.json().catch(() => ({}))
  if (!response.ok) throw new Refusal(response.status, answer)
  return answer
}
