import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import { withRefusalsInPlace } from '../../src/plugins/shared-refusals.ts'

export type Json = Record<string, unknown>

const inPlace = new WeakMap<FastifyInstance, Json>()

/** The OpenAPI document as a reader of `/openapi.json` gets it. */
export const servedDocumentOf = (app: FastifyInstance): Json => ({ ...app.swagger() })

/** The same with the refusals of each operation in place. */
export function documentOf(app: FastifyInstance): Json {
  const known = inPlace.get(app) ?? withRefusalsInPlace(servedDocumentOf(app))
  inPlace.set(app, known)
  return known
}

export const componentsOf = (document: Json) =>
  (document.components as Json).schemas as Readonly<Record<string, Json>>

/** An operation as it stands in the document; the method in lower case. */
export interface RawOperation {
  method: string
  path: string
  operation: Json
}

export const rawOperationsOf = (document: Json): RawOperation[] =>
  Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )

/**
 * Compiles schemas as OpenAPI 3.1 means them: JSON Schema 2020-12, with our formats. A schema is named by
 * where it stands in the document.
 */
export function schemaChecker(document: Json): (...place: readonly (string | number)[]) => ValidateFunction {
  // Whether the schemas are schemas is asked once, of the whole document (npm run lint:openapi).
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  })
  formats.default(ajv as never)
  ajv.addFormat('time-zone', true)
  const components = componentsOf(document)
  const known = new Set<string>()
  /** A schema whose components are added to the validator by name: most files need a few of the hundreds. */
  const standalone = (schema: unknown): Json =>
    JSON.parse(
      JSON.stringify(schema, (key, value: unknown) =>
        key === '$ref' && typeof value === 'string' ? learn(value) : value,
      ),
    )
  const learn = (reference: string): string => {
    const name = reference.replace('#/components/schemas/', '')
    if (!known.has(name)) {
      known.add(name)
      ajv.addSchema(standalone(components[name]), name)
    }
    return name
  }
  return (...place) => {
    const schema = place.reduce<unknown>((at, step) => (at as Json)[step], document)
    return ajv.compile(standalone(schema))
  }
}

export const explain = (errors: readonly ErrorObject[] | null | undefined) =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ')
