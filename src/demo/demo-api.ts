import { randomUUID } from 'node:crypto'
import { type CairnClient, createCairnClient } from '../../openapi/client/index.ts'
import { StartError } from '../announce.ts'

/** The API as one person uses it: the typed client, signed in. */
export interface DemoApi {
  client: CairnClient
  token: string
}

export function apiAs(url: string, token: string): DemoApi {
  return { client: createCairnClient({ baseUrl: url, token }), token }
}

/**
 * The body of an answer.
 * @throws StartError that says what was refused: all that the demo tells is fictional
 */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call
  if (error !== undefined || !response.ok) {
    throw new StartError(`The demo was refused: ${response.status} ${response.url} ${JSON.stringify(error)}`)
  }
  return data as T
}

/** Headers of an action that must not happen twice. */
export const once = () => ({ header: { 'idempotency-key': randomUUID() } })

/** Headers of a change to what was just read. */
export const ifStill = ({ version }: { version: number }) => ({ header: { 'if-match': `"v${version}"` } })

export const onceIfStill = (read: { version: number }) => ({
  header: { ...once().header, ...ifStill(read).header },
})
