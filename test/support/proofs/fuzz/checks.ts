import { componentsOf, documentOf, type Json } from '../../api-document.ts'
import type { TestApp } from '../../test-app.ts'
import { Fault, type Seen, type Shot } from './shot.ts'
import { marker } from './values.ts'

export type Check = (shot: Shot, seen: Seen) => void

/** What has to hold for every answer, whatever was asked. That it fits its schema is seen by checked-inject. */
export function answerChecks(test: Pick<TestApp, 'app'>): Check {
  const document = documentOf(test.app)
  const problem = Object.keys((componentsOf(document).Problem?.properties ?? {}) as Json)
  const checks: Check[] = [
    notAServerError,
    securityHeaders,
    contentType(document),
    documentedHeaders(document),
    versionTag,
    problemShape(document, problem),
    noInternals,
    noEcho,
  ]
  return (shot, seen) => {
    for (const check of checks) check(shot, seen)
  }
}

const operationIn = (document: Json, { operation }: Shot) =>
  (document.paths as Record<string, Record<string, Json>>)[operation.path]?.[
    operation.method.toLowerCase()
  ] ?? {}

function notAServerError(shot: Shot, seen: Seen): void {
  if (seen.status >= 500) throw new Fault('a server error', shot, seen)
}

function securityHeaders(shot: Shot, seen: Seen): void {
  const { headers } = seen
  const cache = String(headers['cache-control'])
  if (cache !== 'no-store') throw new Fault(`cache-control is "${cache}"`, shot, seen)
  if (headers['x-content-type-options'] !== 'nosniff') throw new Fault('may be sniffed', shot, seen)
  if (!/frame-ancestors 'none'/.test(String(headers['content-security-policy'])))
    throw new Fault('may be framed', shot, seen)
  for (const name of ['server', 'x-powered-by', 'set-cookie'])
    if (headers[name] !== undefined) throw new Fault(`has the header ${name}`, shot, seen)
  const counted = shot.by !== null && ![401, 405].includes(seen.status)
  if (counted && !(Number(headers['ratelimit-remaining']) >= 0 && Number(headers['ratelimit-limit']) > 0))
    throw new Fault('does not say what is left of the rate limit', shot, seen)
}

const contentType =
  (document: Json): Check =>
  (shot, seen) => {
    const type = seen.headers['content-type']
    if (seen.payload === '') {
      if (type !== undefined) throw new Fault('names a type for nothing', shot, seen)
    } else if (
      !/^application\/(problem\+)?json; charset=utf-8$/.test(String(type)) &&
      !documentTypes(document, shot, seen).includes(String(type))
    ) {
      throw new Fault(`is of the type ${String(type)}`, shot, seen)
    }
    if ((seen.status === 204 || seen.status === 304) && seen.payload !== '')
      throw new Fault('has a body where there is none', shot, seen)
  }

/** What else than JSON the operation is documented to answer. */
function documentTypes(document: Json, shot: Shot, { status }: Seen): string[] {
  const responses = (operationIn(document, shot).responses ?? {}) as Record<string, { content?: Json }>
  return Object.keys(responses[status]?.content ?? {}).filter(type => !type.endsWith('json'))
}

/** These are there only sometimes. */
const sometimes = new Set(['idempotency-replayed'])

const documentedHeaders =
  (document: Json): Check =>
  (shot, seen) => {
    const responses = (operationIn(document, shot).responses ?? {}) as Record<string, Json>
    const { headers = {} } = responses[seen.status] ?? {}
    const waits = seen.status === 429 || seen.status === 503
    for (const name of Object.keys(headers as Json).map(name => name.toLowerCase())) {
      if (sometimes.has(name) || (name === 'retry-after' && !waits)) continue
      if (seen.headers[name] === undefined) throw new Fault(`lacks the documented header ${name}`, shot, seen)
    }
    if (seen.status === 401 && seen.headers['www-authenticate'] === undefined)
      throw new Fault('401 without WWW-Authenticate', shot, seen)
    if (seen.status === 405 && !seen.headers.allow) throw new Fault('405 without Allow', shot, seen)
  }

function versionTag(shot: Shot, seen: Seen): void {
  const version = seen.body?.version
  if (seen.status >= 300 || typeof version !== 'number') return
  if (!String(seen.headers.etag).match(new RegExp(`^"v${version}(-[\\w-]{10})?"$`)))
    throw new Fault(`has the ETag ${seen.headers.etag}`, shot, seen)
}

const problemShape =
  (document: Json, members: readonly string[]): Check =>
  (shot, seen) => {
    if (!String(seen.headers['content-type']).startsWith('application/problem')) return
    const { body } = seen
    const extra = Object.keys(body).filter(name => !members.includes(name))
    if (extra.length > 0) throw new Fault(`says ${extra.join(', ')}, which is not documented`, shot, seen)
    if (body.status !== seen.status) throw new Fault('names another status', shot, seen)
    const codes = operationIn(document, shot)['x-problem-codes'] as string[] | undefined
    if (codes && seen.status !== 405 && !codes.includes(body.code))
      throw new Fault(`the code ${body.code} is not documented here`, shot, seen)
    if (body.code === 'invalid-request' && !(body.errors?.length > 0))
      throw new Fault('does not say what is wrong', shot, seen)
  }

const internals =
  /node_modules|\bat \S+:\d+|\.ts\b|\bselect\b.*\bfrom\b|\bconstraint\b|violates|relation "|column "|pg_|SQLSTATE|kysely|postgres|\bfst_|TypeError|undefined/i

function noInternals(shot: Shot, seen: Seen): void {
  if (seen.status >= 400 && internals.test(seen.payload)) throw new Fault('tells of its insides', shot, seen)
}

function noEcho(shot: Shot, seen: Seen): void {
  if (seen.status >= 400 && seen.payload.includes(marker))
    throw new Fault('repeats what was sent', shot, seen)
  for (const [name, value] of Object.entries(seen.headers))
    if (name !== 'location' && String(value).includes(marker)) throw new Fault(`echo in ${name}`, shot, seen)
}
