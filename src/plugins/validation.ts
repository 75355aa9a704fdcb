import { Ajv, type Options, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import fp from 'fastify-plugin'
import { type FieldError, Problem } from '../lib/problems.ts'

const common: Options = {
  allErrors: false,
  removeAdditional: false,
  useDefaults: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
}

/** A validator with the house's formats and annotations; tests use it on responses too. */
export function createAjv(options: Options = {}): Ajv {
  const ajv = new Ajv({ ...common, ...options })
  formats.default(ajv)
  ajv.addFormat('time-zone', { type: 'string', validate: isTimeZone })
  ajv.addVocabulary(['x-component'])
  return ajv
}

function isTimeZone(zone: string): boolean {
  if (!zone.includes('/') && zone !== 'UTC') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * Bodies are strict: nothing is coerced or dropped, because Fastify's default would turn a clinical
 * `null` into `0` and lose unknown fields in silence. Query strings, params and headers arrive as text
 * and are coerced, by a validator of their own.
 */
export default fp(
  async (app: FastifyInstance) => {
    const strict = createAjv()
    const coercing = createAjv({ coerceTypes: 'array' })
    app.setValidatorCompiler(({ schema, httpPart }) =>
      onFirstUse(httpPart === 'body' ? strict : coercing, schema as object),
    )
    app.setSchemaErrorFormatter((errors, part) => {
      const first = errors[0]
      return new Problem('invalid-request', { errors: first ? [fieldError(first, part)] : [] })
    })
  },
  { name: 'validation' },
)

type Validate = ReturnType<FastifySchemaCompiler<object>>

/** Compiles a schema when it is first needed: a start that compiles hundreds takes half a second longer. */
function onFirstUse(ajv: Ajv, schema: object): Validate {
  let compiled: ValidateFunction | undefined
  const validate: Validate = data => {
    compiled ??= ajv.compile(schema)
    const valid = compiled(data)
    validate.errors = compiled.errors ?? null
    return valid
  }
  return validate
}

/** Says where and what is expected. Never the value, and never a field name the caller made up. */
function fieldError(error: FastifySchemaValidationError, part: string): FieldError {
  const path = error.instancePath
  const missing = error.keyword === 'required' ? `/${String(error.params.missingProperty)}` : ''
  return {
    pointer:
      part === 'body' ? `${path}${missing}` : `${part === 'querystring' ? 'query' : part}${path}${missing}`,
    code: error.keyword.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`),
    detail: describe(error),
  }
}

const formatsInWords: Readonly<Record<string, string>> = {
  date: 'a date that exists, such as 2026-11-23',
  'date-time': 'an instant with its offset, such as 2026-11-23T16:00:00Z',
  email: 'an e-mail address',
  uuid: 'an id as this API gives them',
  'time-zone': 'an IANA time zone, such as America/Los_Angeles',
}

function describe({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'There is a field here that this operation does not know.'
    case 'required':
      return 'This field is required.'
    case 'enum':
      return `Must be one of: ${(params.allowedValues as unknown[]).join(', ')}.`
    case 'const':
      return `Must be ${JSON.stringify(params.allowedValue)}.`
    case 'format':
      return `Must be ${formatsInWords[String(params.format)] ?? `a ${params.format}`}.`
    case 'pattern':
      return 'Does not have the form that the documentation of this field describes.'
    case 'minProperties':
    case 'minItems':
      return `Give at least ${params.limit}.`
    case 'maxProperties':
    case 'maxItems':
      return `Give at most ${params.limit}.`
    case 'anyOf':
    case 'oneOf':
      return 'Does not fit any of the allowed forms.'
    default:
      return `This value ${message ?? 'is not valid'}.`
  }
}
