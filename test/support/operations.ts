import type { FastifyInstance } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { documentOf, type Json } from './api-document.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Json
  example?: unknown
}

/** An operation as the OpenAPI document tells of it: all that the walking suites know. */
export interface DocumentedOperation {
  id: string
  method: string
  path: string
  tag: string
  /** The permission it needs; `any` for every signed-in actor, `public` for everybody. */
  permission: string
  parameters: Parameter[]
  bodySchema: Json | undefined
  bodyType: string | undefined
  bodyExample: unknown
  statuses: string[]
}

const known = new WeakMap<Json, readonly DocumentedOperation[]>()

/** Every operation of the API, from its own document. */
export function operationsOf(app: FastifyInstance): DocumentedOperation[] {
  const document = documentOf(app)
  const operations = known.get(document) ?? listOperations(document)
  known.set(document, operations)
  return [...operations]
}

function listOperations(document: Json): readonly DocumentedOperation[] {
  const resolve = (schema: Json): Json => resolveRef(document, schema)
  return Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = (operation.requestBody as { content?: Record<string, { schema: Json }> } | undefined)
        ?.content
      const [bodyType, body] = Object.entries(content ?? {})[0] ?? []
      const bodySchema = body && resolve(body.schema)
      return {
        id: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        tag: String((operation.tags as string[])[0]),
        permission: String(operation['x-permission']),
        parameters: (operation.parameters ?? []) as Parameter[],
        bodySchema,
        bodyType,
        bodyExample: (bodySchema?.examples as unknown[] | undefined)?.[0],
        statuses: Object.keys(operation.responses as Json),
      }
    }),
  )
}

export function resolveRef(document: Json, schema: Json): Json {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined
  if (!name) return schema
  return ((document.components as Json).schemas as Record<string, Json>)[name] ?? {}
}

/** Parameters of addresses that are no ids. */
export const notIds: Readonly<Record<string, string>> = {
  participant: 'a',
  revision: '1',
  templateNumber: '1',
  instrumentKey: 'phq-9',
  objectiveKey: 'o1',
}

/** The address with every parameter filled in; a fresh id where `ids` has none. */
export function fillPath(path: string, ids: Readonly<Record<string, string>> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => ids[name] ?? notIds[name] ?? uuidv7())
}

/**
 * What whoever may not call an operation is answered. One that is hidden says so in its documentation: it never answers
 * 403, and whoever may not finds nothing.
 */
export const refusalOf = ({ statuses }: Pick<DocumentedOperation, 'statuses'>) =>
  statuses.includes('403') ? ([403, 'not-permitted'] as const) : ([404, 'not-found'] as const)

/** Headers that let a request pass the preconditions of every operation. */
export const willingHeaders = () => ({ 'if-match': '"v1"', 'idempotency-key': uuidv7() })
