import type { ValidateFunction } from 'ajv'
import fc from 'fast-check'
import type { Json } from '../../api-document.ts'
import type { DocumentedOperation } from '../../operations.ts'
import { type Schemas, withIds } from './schemas.ts'
import type { Shot } from './shot.ts'
import { badDates, badIds, badInstants, badMails, badZones, forbiddenTexts, marker } from './values.ts'

/** One way to make a valid request wrong, in one place. */
export interface Mutant {
  /** Such as `body/address/city`. */
  place: string
  kind: string
  values: fc.Arbitrary<unknown>
  put(shot: Shot, value: unknown): Shot
  /** How it has to be refused. */
  statuses: readonly number[]
  /** The refusal has to name the place. */
  named: boolean
}

/** Every way to break one constraint of an operation's documented parameters and body. */
export function mutantsOf(
  operation: DocumentedOperation,
  schemas: Schemas,
  fitsBody: ValidateFunction | undefined,
): Mutant[] {
  const parameters = operation.parameters.flatMap(parameter =>
    parameter.in === 'header'
      ? headerMutants(parameter.name)
      : parameterMutants(parameter.in, parameter.name, parameter.schema, schemas),
  )
  const unknown: Mutant = {
    ...refused('query', 'unknown parameter', fc.constantFrom('unknown', 'toString', '__proto__', 'limit[]')),
    put: (shot, name) => ({ ...shot, query: { ...shot.query, [String(name)]: '1' } }),
    named: false,
  }
  return [...parameters, unknown, ...bodyMutants(operation, schemas, fitsBody)]
}

const refused = (place: string, kind: string, values: fc.Arbitrary<unknown>) => ({
  place,
  kind,
  values,
  statuses: [400],
  named: true,
})

function headerMutants(name: string): Mutant[] {
  const put = (shot: Shot, value: unknown): Shot =>
    name === 'idempotency-key'
      ? { ...shot, key: null, headers: { ...shot.headers, [name]: String(value) } }
      : { ...shot, headers: { ...shot.headers, [name]: String(value) } }
  const at = `header/${name}`
  if (name === 'idempotency-key')
    return [
      { ...refused(at, 'too short', fc.constantFrom('x', 'seven77')), put, named: false },
      { ...refused(at, 'too long', fc.constant(marker.repeat(10))), put, named: false },
      { ...refused(at, 'not printable', fc.constant('with a space in it')), put, named: false },
    ]
  const foreign = [
    '"v0"',
    '"v999999999"',
    '*',
    'W/"v1"',
    'v1',
    '"v1", "v2"',
    '"v-1"',
    '"v1e1"',
    `"${marker}"`,
  ]
  return [
    { ...refused(at, 'not its version', fc.constantFrom(...foreign)), put, statuses: [412], named: false },
  ]
}

function parameterMutants(where: 'path' | 'query', name: string, schema: Json, schemas: Schemas): Mutant[] {
  const at = `${where}/${name}`
  const put = (shot: Shot, value: unknown): Shot =>
    where === 'path'
      ? { ...shot, params: { ...shot.params, [name]: String(value) } }
      : { ...shot, query: { ...shot.query, [name]: value } }
  const [branch] = schemas.branches(schema)
  const texts = textFaults(branch ?? {}, where)
  const mutants: Mutant[] = texts.map(({ kind, values }) => ({ ...refused(at, kind, values), put }))
  // A path without a segment, or with another number of them, is another address.
  const answers = where === 'path' ? { statuses: [400, 404] } : {}
  const twice = branch?.type !== 'array' && where === 'query'
  const repeated = (shot: Shot): Shot => ({
    ...shot,
    query: { ...shot.query, [name]: [shot.query[name] ?? 'a', shot.query[name] ?? 'a'] },
  })
  return [
    ...mutants.map(mutant => ({ ...mutant, ...answers })),
    ...(twice ? [{ ...refused(at, 'given twice', fc.constant(null)), put: repeated }] : []),
  ]
}

interface TextFault {
  kind: string
  values: fc.Arbitrary<unknown>
}

/** What is wrong as a text, by the schema of a text or of something written as one. */
function textFaults(schema: Json, where: 'path' | 'query' | 'body'): TextFault[] {
  const { type, format, enum: words, pattern, minLength, maxLength, minimum, maximum } = schema
  const faults: TextFault[] = []
  const add = (kind: string, ...values: unknown[]) =>
    faults.push({ kind, values: fc.constantFrom(...values) })
  if (type === 'integer' && where !== 'body') {
    add('not a number', marker, '1.5', '1e308', 'NaN', 'Infinity', '1,000', '--1', '\u0661')
    if (minimum !== undefined) add('too small', Number(minimum) - 1, -(2 ** 53))
    if (maximum !== undefined) add('too big', Number(maximum) + 1, 2 ** 53, '9'.repeat(30))
  }
  if (type === 'boolean' && where !== 'body') add('not a boolean', marker, 'yes', 'TRUE', '2', '')
  if (type !== 'string') return faults
  if (words) {
    const [word] = words as string[]
    add('not one of the words', marker, `${word} `, `${word}\n`, word?.toUpperCase() + marker, '')
  }
  const byFormat: Record<string, string[]> = {
    uuid: where === 'path' ? badIds.filter(id => id !== '') : badIds,
    date: badDates,
    'date-time': badInstants,
    email: badMails,
    'time-zone': badZones,
  }
  if (format) add(`no ${String(format)}`, ...(byFormat[String(format)] ?? []), marker)
  if (pattern) add('not the pattern', `${marker}\n`, ' ', `${marker} '"<`, '\u{1f600}')
  if (maxLength !== undefined && Number(maxLength) <= 100_000 && !words) {
    const one = Number(maxLength) + 1
    add('one too long', 'x'.repeat(one), '\u{1f600}'.repeat(one), marker.repeat(one))
  }
  if (schema['x-not-blank']) add('blank', ' ', '\t\n', '\u00a0\u2003')
  if (minLength !== undefined && Number(minLength) > 0) add('too short', 'x'.repeat(Number(minLength) - 1))
  return faults
}

const otherTypes: readonly [string, unknown][] = [
  ['null', null],
  ['boolean', true],
  ['integer', 7],
  ['number', 1.5],
  ['string', marker],
  ['array', []],
  ['object', {}],
]

type Steps = readonly (string | number)[]

function bodyMutants(
  operation: DocumentedOperation,
  schemas: Schemas,
  fits: ValidateFunction | undefined,
): Mutant[] {
  if (!operation.bodySchema) return []
  const json = operation.bodyType === 'application/json'
  const own = json ? wholeBodyMutants(fits?.(null) === true) : []
  if (!json) return [...own, ...formMutants(operation, schemas)]
  const places = placesOf(operation.bodySchema, schemas, operation.bodyExample)
  return [...own, ...places.flatMap(place => placeMutants(place, schemas, fits))]
}

/** Form fields are all texts. */
function formMutants({ bodySchema = {} }: DocumentedOperation, schemas: Schemas): Mutant[] {
  return schemas.fields(bodySchema).flatMap(({ name, schema }) =>
    textFaults(schemas.resolve(schema), 'body').map(({ kind, values }) => ({
      ...refused(`body/${name}`, kind, values),
      put: (shot: Shot, value: unknown) => ({ ...shot, body: { ...(shot.body as Json), [name]: value } }),
      // Form fields share a small limit.
      statuses: [400, 401, 413],
      named: false,
    })),
  )
}

/** Objects of a body that take fields which nobody described, by place. */
export const openObjectsOf = ({ bodySchema }: DocumentedOperation, schemas: Schemas): string[] =>
  (bodySchema ? placesOf(bodySchema, schemas, undefined) : [])
    .filter(({ schema }) =>
      schemas.branches(schema).some(one => one.type === 'object' && one.additionalProperties !== false),
    )
    .map(({ steps }) => ['body', ...steps].join('/'))

interface Place {
  steps: Steps
  schema: Json
  /** A value that fits. */
  example: unknown
  /** Values that fit, for what leads to a place that the request leaves out: from the body inwards. */
  frame: readonly unknown[]
}

/** Every place of a body, with what leads to it. */
function placesOf(schema: Json, schemas: Schemas, example: unknown): Place[] {
  const found: Place[] = []
  const walk = (part: Json, steps: Steps, shown: unknown, frame: readonly unknown[]): void => {
    found.push({ steps, schema: part, example: shown, frame })
    for (const branch of schemas.branches(part)) {
      const sample = sampleOf(branch, shown, schemas)
      const inner = [...frame, sample]
      for (const field of schemas.fields(branch))
        walk(field.schema, [...steps, field.name], (sample as Json | undefined)?.[field.name], inner)
      if (branch.items)
        walk(branch.items as Json, [...steps, 0], (sample as unknown[] | undefined)?.[0], inner)
    }
  }
  walk(schema, [], example, [])
  return found
}

/** What is shown, else what the schema shows, else the same fitting value in every run. */
function sampleOf(schema: Json, shown: unknown, schemas: Schemas): unknown {
  if (shown !== undefined && shown !== null) return shown
  const own = (schema.examples as unknown[] | undefined)?.[0]
  if (own !== undefined) return own
  if (schema.type !== 'object' && schema.type !== 'array') return undefined
  const [sample] = fc.sample(schemas.fitting({ minItems: 1, ...schema }, ''), { numRuns: 1, seed: 1 })
  return withIds(sample, () => '019c0000-0000-7000-8000-0000000000aa')
}

function placeMutants(place: Place, schemas: Schemas, fits: ValidateFunction | undefined): Mutant[] {
  const { steps } = place
  const at = ['body', ...steps].join('/')
  const put = (shot: Shot, value: unknown): Shot => ({
    ...shot,
    body: putAt(shot.body, steps, value, place.frame),
  })
  const wrong = (kind: string, ...values: unknown[]) =>
    values.length > 0 ? [{ ...refused(at, kind, fc.constantFrom(...values)), put }] : []
  const branches = schemas.branches(place.schema)
  const types = new Set(branches.flatMap(({ type }) => (type === 'number' ? ['number', 'integer'] : [type])))
  const texts = branches.flatMap(branch => textFaults(branch, 'body'))
  const forbidden = Object.entries(forbiddenTexts).flatMap(([kind, text]) =>
    types.has('string') ? [{ ...refused(at, kind, fc.constant(text)), put, named: false }] : [],
  )
  const mutants: Mutant[] = [
    ...wrong('another type', ...otherTypes.filter(([type]) => !types.has(type)).map(([, value]) => value)),
    ...texts.map(({ kind, values }) => ({ ...refused(at, kind, values), put })),
    ...forbidden,
    ...branches.flatMap(branch => numberFaults(branch, wrong)),
    ...branches.flatMap(branch => arrayFaults(branch, place, wrong, schemas)),
    ...branches.flatMap(branch => objectFaults(branch, place, schemas)),
  ]
  return mutants.map(mutant => onlyIfWrong(mutant, fits))
}

type Wrong = (kind: string, ...values: unknown[]) => Mutant[]

function numberFaults({ type, minimum, maximum }: Json, wrong: Wrong): Mutant[] {
  if (type !== 'integer' && type !== 'number') return []
  return [
    ...(minimum === undefined ? [] : wrong('too small', Number(minimum) - 1, -1e308)),
    ...(maximum === undefined ? [] : wrong('too big', Number(maximum) + 1, 1e308, 2 ** 53)),
    ...(type === 'integer' ? wrong('not whole', 0.1, 1e-7) : []),
  ]
}

function arrayFaults(branch: Json, place: Place, wrong: Wrong, schemas: Schemas): Mutant[] {
  if (branch.type !== 'array') return []
  const sample = sampleOf(branch, place.example, schemas)
  const entry = Array.isArray(sample) ? sample[0] : undefined
  if (entry === undefined) return []
  return [
    ...(branch.maxItems === undefined
      ? []
      : wrong('too many', Array(Number(branch.maxItems) + 1).fill(entry))),
    ...(branch.minItems ? wrong('too few', []) : []),
    ...(branch.uniqueItems ? wrong('one twice', [entry, entry]) : []),
    ...wrong('an entry that is none', [entry, null], [{ nested: [] }]),
  ]
}

function objectFaults(branch: Json, place: Place, schemas: Schemas): Mutant[] {
  if (branch.type !== 'object') return []
  const { steps } = place
  const at = ['body', ...steps].join('/')
  const sample = (sampleOf(branch, place.example, schemas) ?? {}) as Json
  const change = (
    kind: string,
    values: fc.Arbitrary<unknown>,
    next: (now: Json, value: unknown) => Json,
  ) => ({
    ...refused(at, kind, values),
    put: (shot: Shot, value: unknown): Shot => {
      const now = (valueAt(shot.body, steps) ?? sample) as Json
      return { ...shot, body: putAt(shot.body, steps, next(now, value), place.frame) }
    },
  })
  const names = ['unknown', 'practiceId', 'id', 'version', 'createdAt', 'toString', 'Not A Name', marker, '']
  const extra = names.filter(name => !(name in ((branch.properties ?? {}) as Json)))
  const needed = schemas.fields(branch).filter(({ required }) => required)
  return [
    change('a field too many', fc.constantFrom(...extra), (now, name) => ({ ...now, [String(name)]: 1 })),
    ...(needed.length > 0
      ? [
          change('a field missing', fc.constantFrom(...needed.map(({ name }) => name)), (now, name) =>
            Object.fromEntries(Object.entries(now).filter(([key]) => key !== name)),
          ),
        ]
      : []),
    ...(branch.minProperties ? [change('no field', fc.constant(null), () => ({}))] : []),
  ]
}

/** Some changes happen to fit another branch: those are left as they were, and skipped by whoever sends them. */
function onlyIfWrong(mutant: Mutant, fits: ValidateFunction | undefined): Mutant {
  if (!fits) return mutant
  return {
    ...mutant,
    put: (shot, value) => {
      const changed = mutant.put(shot, value)
      const forbidden = typeof value === 'string' && Object.values(forbiddenTexts).includes(value)
      return !forbidden && fits(changed.body) ? shot : changed
    },
  }
}

function valueAt(value: unknown, steps: Steps): unknown {
  let here = value
  for (const step of steps) here = (here as Json | undefined | null)?.[step]
  return here
}

function putAt(value: unknown, steps: Steps, placed: unknown, frame: readonly unknown[]): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return placed
  const [sample, ...inner] = frame
  const here = value ?? sample
  if (typeof step === 'number') {
    const entries = Array.isArray(here) ? [...here] : []
    entries[step] = putAt(entries[step], rest, placed, inner)
    return entries
  }
  const fields = (here ?? {}) as Json
  return { ...fields, [step]: putAt(fields[step], rest, placed, inner) }
}

/**
 * What is wrong with a body before anybody looks at its fields.
 *
 * @param mayBeNull whether `null` stands for a body left out, which the document says of an optional one.
 */
function wholeBodyMutants(mayBeNull: boolean): Mutant[] {
  const raw = (kind: string, payloads: (text: string) => (string | Buffer)[], statuses = [400]): Mutant => ({
    place: 'body',
    kind,
    values: fc.nat({ max: 9 }),
    put: (shot, which) => {
      const all = payloads(JSON.stringify(shot.body ?? {}))
      return { ...shot, payload: all[Number(which) % all.length] ?? '' }
    },
    statuses,
    named: false,
  })
  const typed = (contentType: string): Mutant => ({
    place: 'header/content-type',
    kind: contentType || 'empty',
    values: fc.constant(null),
    put: shot => ({ ...shot, contentType }),
    statuses: [400, 415],
    named: false,
  })
  const inner = (text: string) => text.slice(1)
  const more = (text: string) => (inner(text).trim() === '}' ? '' : ',')
  return [
    raw('no JSON', text => [
      '',
      ' ',
      '{',
      text.slice(0, -1),
      `${text},`,
      `${text}${text}`,
      `'${text}'`,
      'NaN',
    ]),
    raw('not an object', () => [...(mayBeNull ? [] : ['null']), '[]', '"text"', '1', 'true', '1e999']),
    raw('a key twice', text => [`{"same":1,"same":1${more(text)}${inner(text)}`]),
    raw('a prototype key', text => [
      `{"__proto__":{"admin":true}${more(text)}${inner(text)}`,
      `{"constructor":{"prototype":{"admin":true}}${more(text)}${inner(text)}`,
      `{"\\u005f_proto__":1${more(text)}${inner(text)}`,
    ]),
    raw('nested too deeply', text => [
      `{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}${more(text)}${inner(text)}`,
      `${'{"x":'.repeat(40)}1${'}'.repeat(40)}`,
    ]),
    raw('not UTF-8', text => [
      Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0x7d])]),
      Buffer.from([0xc0, 0x80]),
      Buffer.from(text, 'utf16le'),
    ]),
    raw('a byte order mark', text => [`\ufeff${text}`]),
    raw('too large', () => [`{"x":"${'y'.repeat(1_100_000)}"}`], [413]),
    typed('text/plain'),
    typed('application/json; charset=utf-16'),
    typed('application/json\t'),
    typed('application/x-www-form-urlencoded'),
    typed('multipart/form-data; boundary=x'),
    typed('application/jsonx'),
  ]
}
