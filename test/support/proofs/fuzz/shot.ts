import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { documentsHeader, type Request } from '../../world/requests.ts'

/** A request with everything a fuzzer may want to do to it. */
export interface Shot extends Request {
  /** Another method than the operation's. */
  method?: string
  /** Instead of `body`, as it is. */
  payload?: string | Buffer
  /** Instead of the operation's own. */
  contentType?: string
  /** Instead of the caller's token; null for none at all. */
  authorization?: string | null
  /** Instead of a fresh one; null for none at all. */
  key?: string | null
  /** What was done to it, for the report: the place and the class. */
  change?: string
}

export interface Seen extends Pick<Reply, 'body' | 'headers' | 'status'> {
  payload: string
  /** Statements sent to the database. */
  statements: number
}

/** Something the service should not have answered, with the request that shows it. */
export class Fault extends Error {
  constructor(what: string, shot: Shot, seen?: Pick<Seen, 'status' | 'payload'>) {
    const answer = seen ? `\n  answered ${seen.status} ${seen.payload.slice(0, 600)}` : ''
    super(`${what}\n  ${describe(shot)}${answer}`)
    this.name = 'Fault'
  }
}

/** Method, path template, what was changed, and all of the request: enough to send it again. */
export function describe(shot: Shot): string {
  const { operation, params, query, headers, body, payload, change } = shot
  const sent = payload === undefined ? JSON.stringify(body) : JSON.stringify(String(payload).slice(0, 200))
  return [
    `${shot.method ?? operation.method} ${operation.path}${change ? ` [${change}]` : ''}`,
    `params ${JSON.stringify(params)} query ${JSON.stringify(query)} headers ${JSON.stringify(headers)}`,
    `body ${(sent ?? 'none').slice(0, 1_500)}`,
  ].join('\n  ')
}

/** Sends it, as nobody's habits would: what is asked for goes out as it is. */
export function inject(test: Pick<TestApp, 'app'>, shot: Shot, remoteAddress: string) {
  const { operation, headers } = shot
  const payload = payloadOf(shot)
  return test.app.inject({
    method: (shot.method ?? operation.method) as 'GET',
    url: urlOf(shot),
    remoteAddress,
    headers: { ...ownHeaders(shot, payload !== undefined), ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
}

function ownHeaders(shot: Shot, hasPayload: boolean): Record<string, string> {
  const { operation, by } = shot
  const authorization = shot.authorization === undefined ? bearer(by) : shot.authorization
  const key =
    shot.key === undefined && documentsHeader(operation, 'idempotency-key') ? randomUUID() : shot.key
  const type = shot.contentType ?? operation.bodyType
  return {
    ...(authorization ? { authorization } : {}),
    ...(key ? { 'idempotency-key': key } : {}),
    ...(type && hasPayload ? { 'content-type': type } : {}),
  }
}

const bearer = (by: Caller | null) => (by ? `Bearer ${by.token}` : null)

function payloadOf({ operation, payload, body }: Shot): string | Buffer | undefined {
  if (payload !== undefined) return payload
  if (!operation.bodyType || body === undefined) return undefined
  if (!operation.bodyType.endsWith('form-urlencoded')) return JSON.stringify(body)
  return new URLSearchParams(body as Record<string, string>).toString()
}

function urlOf({ operation, params, query }: Shot): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(wellFormed(params[name] ?? '')),
  )
  const entries = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(entry => [name, String(entry)] as [string, string]),
  )
  const search = new URLSearchParams(entries).toString()
  return search ? `${path}?${search}` : path
}

/** An address has no way to write a lone surrogate. */
const wellFormed = (text: string) => text.toWellFormed()
