import { Ajv, type Options, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import fp from 'fastify-plugin'
import { type FieldError, Problem } from '../lib/problems.ts'
import { uuidShape } from '../lib/uuid.ts'

const common: Options = {
  allErrors: false,
  removeAdditional: false,
  useDefaults: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  // Of objects told apart by one field, the one that was meant is checked, so that an error points into it.
  discriminator: true,
  // Compiled when a request first comes: the compiler of the engine does better, and only where it is worth it.
  code: { optimize: false },
}

/** A validator with the house's formats and annotations; tests use it on responses too. */
export function createAjv(options: Options = {}): Ajv {
  const ajv = new Ajv({ ...common, ...options })
  formats.default(ajv)
  // The library's lets `urn:uuid:` pass, which nothing behind the validation understands.
  ajv.addFormat('uuid', uuidShape)
  ajv.addFormat('date', { type: 'string', validate: isDate })
  ajv.addFormat('date-time', { type: 'string', validate: isInstant })
  ajv.addFormat('time-zone', { type: 'string', validate: isTimeZone })
  ajv.addVocabulary(['x-component'])
  // Not a pattern: texts that have one are left out where tests plant or make up free texts, and names are among them.
  ajv.addKeyword({
    keyword: 'x-not-blank',
    type: 'string',
    schemaType: 'boolean',
    validate: (_demanded: boolean, text: string) => text.trim() !== '',
    errors: false,
  })
  return ajv
}

const instantShape =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/i

/**
 * RFC 3339 as `Date` and the database read it too: without leap seconds, a space for the T, days that do not exist, a
 * year 0, and offsets from 16 hours on. Both would take 24:00 for the next day, which RFC 3339 has not.
 */
function isInstant(text: string): boolean {
  const day = instantShape.exec(text)?.[1]
  const year = new Date(text).getUTCFullYear()
  if (day === undefined || !(year >= 1 && year <= 9999)) return false
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

const dateShape = /^\d{4}-\d{2}-\d{2}$/

/** A day of the calendar. RFC 3339 has a year 0, the database has none. */
const isDate = (text: string) => dateShape.test(text) && isInstant(`${text}T00:00:00Z`)

function isTimeZone(zone: string): boolean {
  if (!zone.includes('/') && zone !== 'UTC') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Schemas are the same objects in every instance of the service, so a process compiles each of them once. */
let validators: { strict: Ajv; coercing: Ajv } | undefined
const createValidators = () => ({
  strict: createAjv(),
  // "Infinity" is coerced to a number after its type was checked: minimum and maximum have to look at it too.
  coercing: createAjv({ coerceTypes: 'array', strictNumbers: false }),
})

/**
 * Bodies are strict: nothing is coerced or dropped, because Fastify's default would turn a clinical
 * `null` into `0` and lose unknown fields in silence. Query strings, params and headers arrive as text
 * and are coerced, by a validator of their own.
 */
export default fp(
  async (app: FastifyInstance) => {
    validators ??= createValidators()
    const { strict, coercing } = validators
    app.setValidatorCompiler(({ schema, httpPart }) => {
      const validate = onFirstUse(httpPart === 'body' ? strict : coercing, schema as object)
      return httpPart === 'params' ? idsInOneCase(validate) : validate
    })
    app.setSchemaErrorFormatter((errors, part) => {
      const told = tellingError(errors)
      return new Problem('invalid-request', { errors: told ? [fieldError(told, part)] : [] })
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

/**
 * An address may spell an id in either case. From here on it is as the database writes it: what is sealed or compared
 * would take the two for different ones.
 */
function idsInOneCase(validate: Validate): Validate {
  const both: Validate = (params: Record<string, unknown>) => {
    const valid = validate(params)
    both.errors = validate.errors ?? null
    for (const [name, value] of Object.entries(params))
      if (typeof value === 'string' && uuidShape.test(value)) params[name] = value.toLowerCase()
    return valid
  }
  return both
}

let standalone: Ajv | undefined

/**
 * Looks at what the schema of a route cannot say, like a document that patches made: strictly, as a body.
 *
 * @returns what is wrong first, its pointer below the value; undefined when nothing is
 */
export function shapeCheck(schema: object): (value: unknown) => FieldError | undefined {
  let validate: Validate | undefined
  return value => {
    standalone ??= createAjv({ useDefaults: false })
    validate ??= onFirstUse(standalone, schema)
    if (validate(value)) return undefined
    const told = tellingError(validate.errors as FastifySchemaValidationError[])
    return told && fieldError(told, 'body')
  }
}

/** Of a choice between objects the first branch's error says nothing about the others: then the choice itself. */
function tellingError(
  errors: readonly FastifySchemaValidationError[],
): FastifySchemaValidationError | undefined {
  const [first] = errors
  const choice = errors.at(-1)
  if (choice?.keyword !== 'anyOf' && choice?.keyword !== 'oneOf') return first
  const inObjects = errors.filter(({ keyword, instancePath }) => {
    return keyword !== 'type' || instancePath !== choice.instancePath
  })
  const branches = inObjects.slice(0, -1).map(error => branchOf(error, choice))
  return new Set(branches).size > 1 ? choice : first
}

const branchOf = ({ schemaPath }: FastifySchemaValidationError, choice: FastifySchemaValidationError) =>
  schemaPath.slice(choice.schemaPath.length + 1).split('/', 1)[0]

/** The JSON pointer of what is wrong, up to the first field name that the caller made up. */
function knownPointer({ instancePath, schemaPath }: FastifySchemaValidationError): string {
  const steps = schemaPath.split('/').slice(1)
  let depth = 0
  for (let at = 0; at < steps.length; at++) {
    const followed = at < steps.length - 1
    if (steps[at] === 'patternProperties' || (steps[at] === 'additionalProperties' && followed))
      return instancePath.split('/', depth + 1).join('/')
    if (steps[at] === 'properties') {
      depth += 1
      at += 1
    } else if (steps[at] === 'items' && followed) depth += 1
  }
  return instancePath
}

/** Says where and what is expected. Never the value, and never a field name the caller made up. */
function fieldError(error: FastifySchemaValidationError, part: string): FieldError {
  const path = knownPointer(error)
  const missing = missingName(error)
  return {
    pointer:
      part === 'body' ? `${path}${missing}` : `${part === 'querystring' ? 'query' : part}${path}${missing}`,
    code: error.keyword.replace(/^x-/, '').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`),
    detail: describe(error),
  }
}

/** What is wrong with a field that is not there, or with the one that tells which of several objects was meant. */
function missingName({ keyword, params }: FastifySchemaValidationError): string {
  if (keyword === 'required') return `/${String(params.missingProperty)}`
  return keyword === 'discriminator' ? `/${String(params.tag)}` : ''
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
    case 'discriminator':
      return 'Must be one of the words that the documentation of this field lists.'
    case 'pattern':
      return 'Does not have the form that the documentation of this field describes.'
    case 'x-not-blank':
      return 'Must be more than blanks.'
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
