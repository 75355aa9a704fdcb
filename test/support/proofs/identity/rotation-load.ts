import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SignedInCaller } from '../../identity.ts'
import { decodePart } from './forgery.ts'

/** What a run of the load saw. */
export interface Seen {
  requests: number
  /** Requests that a busy machine asked to repeat, and that were. */
  repeated: number
  /** Answers that are no success, and replays that are no replay; empty when nothing failed. */
  failures: string[]
  /** The keys that signed the tokens the clients were given. */
  kids: Set<string>
}

interface Client {
  accessToken: string
  refreshToken: string
  kept: { key: string; name: string; id: string }[]
}

/**
 * People at work while something else happens: each reads with tokens old and new, writes what is sealed, repeats
 * it at another instance and refreshes the session, until the work is done.
 */
export async function underLoad(
  urls: readonly string[],
  people: readonly SignedInCaller[],
  work: () => Promise<unknown>,
): Promise<Seen> {
  const seen: Seen = { requests: 0, repeated: 0, failures: [], kids: new Set() }
  const ended = new AbortController()
  const loops = people.map(async (person, index) => {
    const client: Client = { accessToken: person.token, refreshToken: person.refreshToken, kept: [] }
    for (let round = index; !ended.signal.aborted; round += 1) {
      await oneRound(urls, client, seen, round).catch(error => seen.failures.push(String(error)))
      await sleep(20)
    }
    // Whoever works again later goes on with the newest of both: the others were replaced.
    Object.assign(person, { token: client.accessToken, refreshToken: client.refreshToken })
  })
  await work().finally(() => ended.abort())
  await Promise.all(loops)
  return seen
}

interface Sent {
  answer: Record<string, unknown>
  replayed: string | null
}

async function oneRound(urls: readonly string[], client: Client, seen: Seen, round: number): Promise<void> {
  const [here = '', there = ''] = [urls[round % urls.length], urls[(round + 1) % urls.length]]
  const send = async (url: string, path: string, body?: object, key?: string, attempt = 1): Promise<Sent> => {
    const response = await fetch(`${url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${client.accessToken}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    seen.requests += 1
    if (response.status === 503 && attempt < 4) {
      seen.repeated += 1
      await sleep(1_000 * Number(response.headers.get('retry-after') ?? 1))
      return send(url, path, body, key, attempt + 1)
    }
    if (!response.ok) seen.failures.push(`${path} answered ${response.status}: ${text}`)
    return { answer: text ? JSON.parse(text) : {}, replayed: response.headers.get('idempotency-replayed') }
  }
  await send(here, '/v1/me')
  const [key, name] = [randomUUID(), `Place ${randomUUID()}`]
  const { answer } = await send(here, '/v1/locations', { name, timeZone: 'UTC' }, key)
  client.kept.push({ key, name, id: String(answer.id) })
  const again = client.kept[Math.floor(Math.random() * client.kept.length)]
  if (again) {
    const repeated = await send(there, '/v1/locations', { name: again.name, timeZone: 'UTC' }, again.key)
    if (repeated.replayed !== 'true' || repeated.answer.id !== again.id) seen.failures.push('not replayed')
  }
  const refreshed = await send(there, '/v1/sessions/refresh', { refreshToken: client.refreshToken })
  if (!refreshed.answer.refreshToken) return
  client.refreshToken = String(refreshed.answer.refreshToken)
  client.accessToken = String(refreshed.answer.accessToken)
  seen.kids.add(String(decodePart(client.accessToken.split('.')[0]).kid))
}
