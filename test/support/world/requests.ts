import { randomUUID } from 'node:crypto'
import { rolePermissions } from '../../../src/modules/charts/access-policy.ts'
import { documentOf, type Json } from '../api-document.ts'
import { type DocumentedOperation, fillPath, operationsOf, resolveRef } from '../operations.ts'
import { type Caller, type Reply, toReply } from '../practice.ts'
import type { TestApp } from '../test-app.ts'
import { idOf, type World } from '../world.ts'
import { read } from './ground.ts'
import { preparations } from './preparations.ts'

/** A request that can be sent: what the documentation shows, with the ids of a world. */
export interface Request {
  operation: DocumentedOperation
  /** Null for public operations. */
  by: Caller | null
  params: Readonly<Record<string, string>>
  query: Readonly<Json>
  body: unknown
  headers: Readonly<Record<string, string>>
}

/** What has to be prepared where the example and the ids of the world are not enough. */
export interface Prepared {
  by?: Caller
  params?: Record<string, string>
  /** Replaces single parameters of the example; undefined leaves one out. */
  query?: Json
  /** Replaces single fields of the example; undefined leaves one out. */
  body?: Json
  /** For If-Match, where the path before the last step cannot be read. */
  version?: number
  headers?: Record<string, string>
}

export type Preparation = (world: World) => Promise<Prepared> | Prepared

/**
 * The documented example of an operation as a request in this world, with everything it needs made first.
 *
 * @param prepare what makes it, where it is not the operation's own
 */
export async function requestOf(
  world: World,
  operation: DocumentedOperation,
  prepare: Preparation | undefined = preparations[operation.id],
): Promise<Request> {
  const prepared = (await prepare?.(world)) ?? {}
  const { headers = {} } = prepared
  const by = prepared.by ?? callerFor(world, operation.permission)
  const params = { ...pathParams(world, operation, prepared) }
  const version = prepared.version ?? (await currentVersion(world, operation, by, params))
  return {
    operation,
    by,
    params,
    query: without({ ...queryExample(world, operation), ...prepared.query }),
    body: bodyOf(world, operation, prepared.body),
    headers: { ...headers, ...(version === undefined ? {} : { 'if-match': `"v${version}"` }) },
  }
}

/** Sends it, with an Idempotency-Key of its own where one is documented. */
export async function send(test: Pick<TestApp, 'app'>, request: Request): Promise<Reply> {
  return toReply(await test.app.inject(messageOf(request)))
}

/** A request as HTTP has it. Its own headers win, so that a key can be sent again. */
export function messageOf(request: Request) {
  const { operation, by, params, query, body } = request
  const headers: Record<string, string> = {
    ...(by ? { authorization: `Bearer ${by.token}` } : {}),
    ...(documentsHeader(operation, 'idempotency-key') ? { 'idempotency-key': randomUUID() } : {}),
    ...(operation.bodyType ? { 'content-type': operation.bodyType } : {}),
    ...request.headers,
  }
  const search = searchOf(query)
  return {
    method: operation.method as 'GET',
    url: `${fillPath(operation.path, params)}${search ? `?${search}` : ''}`,
    headers,
    ...(operation.bodyType ? { payload: payloadOf(operation.bodyType, body) } : {}),
  }
}

/** Who is permitted most of those who are permitted this at all. */
export function callerFor({ callers }: World, permission: string): Caller | null {
  if (permission === 'public') return null
  if (permission === 'portal:use') return callers.portal
  if (permission === 'portal:issue') return callers.integration
  const kinds = ['owner', 'clinician', 'supervisor'] as const
  const kind = kinds.find(role => (rolePermissions[role] as readonly string[]).includes(permission))
  return callers[kind ?? 'owner']
}

function pathParams(world: World, { parameters }: DocumentedOperation, { params = {} }: Prepared) {
  const names = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name)
  return Object.fromEntries(names.map(name => [name, params[name] ?? idOf(world, name)]))
}

/** A cursor is opaque, so its example is only shown: real ones are followed in a request of their own. */
function queryExample(world: World, { parameters }: DocumentedOperation): Json {
  const shown = parameters.filter(parameter => parameter.in === 'query' && parameter.name !== 'cursor')
  return Object.fromEntries(
    shown.map(({ name, schema, example }) => [name, isId(schema) ? idOf(world, name) : example]),
  )
}

/** The example of a body with the ids of the world, and some fields changed. */
export function bodyOf(
  world: World,
  { bodySchema, bodyExample }: DocumentedOperation,
  changed: Json = {},
): unknown {
  if (!bodySchema) return undefined
  const document = documentOf(world.test.app)
  return without({ ...(withIds(world, document, bodySchema, bodyExample) as Json), ...changed })
}

/** The example with the ids of the world in place of its own, by the names of the fields. */
function withIds(world: World, document: Json, schema: Json, value: unknown, name = ''): unknown {
  if (value === null || value === undefined) return value
  if (idSchemaIn(document, schema)) return idOf(world, name)
  const fields = propertiesOf(document, schema)
  if (Array.isArray(value)) {
    const items = itemsOf(document, schema)
    return items ? value.map(entry => withIds(world, document, items, entry, name)) : value
  }
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const field = fields[key]
      return [key, field ? withIds(world, document, field, entry, key) : entry]
    }),
  )
}

/** The version of what is changed: of the longest part of the path that can be read. */
async function currentVersion(
  { test }: World,
  operation: DocumentedOperation,
  by: Caller | null,
  params: Record<string, string>,
): Promise<number | undefined> {
  if (!by || !documentsHeader(operation, 'if-match')) return undefined
  const readable = new Set(
    operationsOf(test.app).flatMap(({ method, path }) => (method === 'GET' ? [path] : [])),
  )
  const steps = operation.path.split('/')
  while (steps.length > 2) {
    const path = steps.join('/')
    const version = readable.has(path) ? (await read(by, fillPath(path, params))).version : undefined
    if (typeof version === 'number') return version
    steps.pop()
  }
  throw new Error(`${operation.id}: nothing tells the version it changes; prepare it`)
}

export const documentsHeader = ({ parameters }: DocumentedOperation, header: string) =>
  parameters.some(({ in: place, name }) => place === 'header' && name === header)

function searchOf(query: Readonly<Json>): string {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(entry => [name, String(entry)] as [string, string]),
  )
  return new URLSearchParams(entries).toString()
}

export const payloadOf = (type: string, body: unknown) =>
  type.endsWith('form-urlencoded')
    ? new URLSearchParams(body as Record<string, string>).toString()
    : JSON.stringify(body)

const without = (fields: Json) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** A place of an operation where a value is given, for instance an id. */
export interface IdPlace {
  in: 'path' | 'query' | 'body'
  /** The names that lead there; `[]` stands for every entry of an array. */
  steps: readonly string[]
  /** The last of the names: what the world calls it. */
  name: string
}

/** Every place where an operation takes an id. */
export const idPlacesOf = (world: World, operation: DocumentedOperation): IdPlace[] =>
  placesOf(world, operation, isId)

/** Every place where an operation takes a value whose schema is of this kind. */
export function placesOf(
  world: World,
  { parameters, bodySchema }: DocumentedOperation,
  isOfKind: (schema: Json) => boolean,
): IdPlace[] {
  const document = documentOf(world.test.app)
  const inAddress = parameters
    .filter(parameter => parameter.in !== 'header')
    .flatMap(({ in: place, name, schema }) =>
      stepsTo(document, schema, isOfKind, [name]).map(steps => placeOf(place as 'path' | 'query', steps)),
    )
  const inBody = bodySchema
    ? stepsTo(document, bodySchema, isOfKind, []).map(steps => placeOf('body', steps))
    : []
  return [...inAddress, ...inBody]
}

const placeOf = (place: IdPlace['in'], steps: readonly string[]): IdPlace => ({
  in: place,
  steps,
  name: steps.findLast(step => step !== '[]') ?? '',
})

export const nameOfPlace = ({ in: place, steps }: IdPlace) => `${place} ${steps.join('/')}`

/** The same request with another id, or whatever stands there, at one place. */
export function withId(request: Request, place: IdPlace, id: unknown): Request {
  const [name = ''] = place.steps
  if (place.in === 'path') return { ...request, params: { ...request.params, [name]: String(id) } }
  if (place.in === 'query') return { ...request, query: { ...request.query, [name]: id } }
  return { ...request, body: replaceAt(request.body, place.steps, id) }
}

/** The same request with nothing beside what it must have: every default is in force. */
export function withoutOptional({ test }: World, request: Request): Request {
  const { parameters, bodySchema } = request.operation
  const required = parameters.filter(parameter => parameter.required).map(({ name }) => name)
  const fields = bodySchema
    ? allOf(documentOf(test.app), bodySchema).flatMap(part => (part.required ?? []) as string[])
    : []
  return { ...request, query: only(request.query, required), body: only(request.body, fields) }
}

const only = <T>(value: T, names: readonly string[]): T =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? (Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) as T)
    : value

function replaceAt(value: unknown, [step, ...rest]: readonly string[], id: unknown): unknown {
  if (step === undefined) return id
  if (step === '[]') return [replaceAt(Array.isArray(value) ? value[0] : undefined, rest, id)]
  const fields = (value ?? {}) as Json
  return { ...fields, [step]: replaceAt(fields[step], rest, id) }
}

/** The id that stands at a place; undefined when the place is left out. */
export function idAt({ params, query, body }: Request, place: IdPlace): string | undefined {
  let value: unknown = { path: params, query, body }[place.in]
  for (const step of place.steps) value = (value as Json | undefined)?.[step === '[]' ? '0' : step]
  return typeof value === 'string' ? value : undefined
}

function stepsTo(
  document: Json,
  schema: Json,
  isOfKind: (schema: Json) => boolean,
  steps: readonly string[],
): string[][] {
  const found = new Set<string>()
  const walk = (part: Json, at: readonly string[]): void => {
    const resolved = resolveRef(document, part)
    if (isOfKind(resolved)) found.add(JSON.stringify(at))
    for (const branch of branchesOf(resolved)) walk(branch, at)
    for (const [name, field] of Object.entries((resolved.properties ?? {}) as Record<string, Json>))
      walk(field, [...at, name])
    if (resolved.items) walk(resolved.items as Json, [...at, '[]'])
  }
  walk(schema, steps)
  return [...found].map(entry => JSON.parse(entry) as string[])
}

const isId = ({ format }: Json) => format === 'uuid'

const branchesOf = (schema: Json) => ['anyOf', 'oneOf', 'allOf'].flatMap(key => (schema[key] ?? []) as Json[])

/** A schema and, where it is a choice, its branches. */
const allOf = (document: Json, schema: Json): Json[] => {
  const resolved = resolveRef(document, schema)
  return [resolved, ...branchesOf(resolved).flatMap(branch => allOf(document, branch))]
}

const idSchemaIn = (document: Json, schema: Json) => allOf(document, schema).some(isId)

const itemsOf = (document: Json, schema: Json) =>
  allOf(document, schema).find(part => part.items)?.items as Json | undefined

const propertiesOf = (document: Json, schema: Json): Record<string, Json> =>
  Object.assign({}, ...allOf(document, schema).map(part => part.properties ?? {}))
