import { type TObject, type TProperties, type TSchema, type TString, Type } from 'typebox'
import { limits } from './limits.ts'

/** Building blocks of request and response schemas. Every one carries a description and an example. */

/** Names a schema as a component of the OpenAPI document, so that it appears there once. */
export function component<T extends TSchema>(name: string, schema: T): T {
  return Object.assign(schema, { 'x-component': name })
}

/** An object that refuses fields it does not know. */
export const strictObject = <P extends TProperties>(
  properties: P,
  options: Record<string, unknown> = {},
): TObject<P> => Type.Object(properties, { additionalProperties: false, ...options })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of a list of words, as a JSON Schema enum. */
export function OneOf<const T extends readonly string[]>(words: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...options })
}

/** Text of a person: 1 to `maxLength` characters. */
export const Text = (maxLength: number, options: Record<string, unknown> = {}) =>
  Type.String({ minLength: 1, maxLength, ...options })

/** A text of more than blanks, by a keyword of the house (validation.ts). */
const moreThanBlanks = (maxLength: number, { description = '' }: { description?: string } = {}) =>
  Text(maxLength, { 'x-not-blank': true, description: `${description} More than blanks.`.trimStart() })

/** What somebody or something is called. */
export const Name = moreThanBlanks

/** Why somebody does what is asked to be explained. */
export const Reason = moreThanBlanks

export const Id = (description: string, example = '019c0000-0000-7000-8000-000000000001') =>
  Type.String({ format: 'uuid', description, examples: [example] })

export const Instant = (description: string, example = '2026-11-23T16:00:00.000Z') =>
  Type.String({
    format: 'date-time',
    maxLength: 40,
    description: `${description} RFC 3339.`,
    examples: [example],
  })

export const CalendarDate = (description: string, example = '1990-05-01') =>
  Type.String({ format: 'date', description, examples: [example] })

export const TimeZone = (description = 'IANA time zone.') =>
  Type.String({ format: 'time-zone', maxLength: 64, description, examples: ['America/Los_Angeles'] })

/** A PDF, answered with `file`. */
export const PdfDocument = component(
  'PdfDocument',
  Type.Unsafe<Uint8Array>({
    type: 'string',
    contentMediaType: 'application/pdf',
    description: 'A PDF, byte for byte.',
    examples: ['%PDF-1.3'],
  }),
)

/** An iCalendar file (RFC 5545), answered with `file`. */
export const CalendarDocument = component(
  'CalendarDocument',
  Type.Unsafe<Uint8Array>({
    type: 'string',
    contentMediaType: 'text/calendar',
    description: 'An iCalendar file.',
    examples: ['BEGIN:VCALENDAR'],
  }),
)

/** Whole cents with an ISO 4217 currency. */
export const Money = component(
  'Money',
  strictObject(
    {
      amount: Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'In the minor unit (cents).' }),
      currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.' }),
    },
    {
      description: 'An amount of money in whole minor units.',
      examples: [{ amount: 18500, currency: 'USD' }],
    },
  ),
)

export const Version = Type.Integer({
  minimum: 1,
  description: 'Grows with every change; the ETag is `"v<version>"`.',
  examples: [1],
})

/** A value by each key of a kind; other keys are refused, where JSON Schema would let them pass with anything. */
export const dictionary = <V extends TSchema>(
  key: TString,
  value: V,
  options: Record<string, unknown> = {},
) => Type.Record(key, value, { additionalProperties: false, ...options })

/** What an integrator calls this record in its own system. */
export const ExternalIds = dictionary(
  Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  Type.String({ minLength: 1, maxLength: 120 }),
  {
    maxProperties: 20,
    description: 'Ids in other systems, by system name. Unique per system within the practice.',
    examples: [{ 'billing-system': 'C-1001' }],
  },
)

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limits.page.max,
      default: limits.page.default,
      description: 'Most entries to return.',
      examples: [50],
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'The `nextCursor` of the page before.',
      examples: ['b3BhcXVl'],
    }),
  ),
}

/** A page of a list. */
export function listOf<T extends TSchema>(name: string, item: T) {
  const example = (item as { examples?: unknown[] }).examples?.[0]
  return component(
    name,
    strictObject(
      {
        data: Type.Array(item),
        nextCursor: Nullable(
          Type.String({ description: 'Give it as `cursor` for the next page; null on the last.' }),
        ),
      },
      {
        description: 'A page of a list.',
        examples: [{ data: example === undefined ? [] : [example], nextCursor: null }],
      },
    ),
  )
}

export const ProblemBody = component(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'Resolves to the page that explains this problem.' }),
      title: Type.String(),
      status: Type.Integer(),
      code: Type.String({ description: 'Stable; branch on it.' }),
      detail: Type.String({ description: 'What to do about it. Never holds a value of the request.' }),
      requestId: Type.String(),
      errors: Type.Optional(
        Type.Array(
          strictObject({
            pointer: Type.String({ description: 'JSON pointer into the body, or the place of a parameter.' }),
            code: Type.String(),
            detail: Type.String(),
          }),
        ),
      ),
      resource: Type.Optional(
        OneOf(['clinician', 'room', 'client', 'unspecified'], {
          description:
            'With `resource-busy`: what is taken; `unspecified` where the caller may not see by what.',
        }),
      ),
      appointmentId: Type.Optional(
        Type.String({
          format: 'uuid',
          description: 'With `resource-busy`: the appointment that is there, if the caller may see it.',
        }),
      ),
      separation: Type.Optional(
        Type.Boolean({
          description:
            'With `resource-busy`: true where a rule keeps the client apart from somebody; said only to who sees every couple and every appointment.',
        }),
      ),
      clashes: Type.Optional(
        Type.Array(
          strictObject({
            blockId: Type.Optional(
              Type.String({ format: 'uuid', description: 'The block that cannot have its time.' }),
            ),
            date: Type.Optional(
              Type.String({ format: 'date', description: 'The date of the series that cannot be had.' }),
            ),
            resource: OneOf(['clinician', 'room', 'client', 'unspecified']),
            appointmentId: Type.Optional(Type.String({ format: 'uuid' })),
          }),
          {
            description:
              'With `resource-busy` of an intensive or a series: each block or date that clashes, with what is known of it as for the problem itself.',
          },
        ),
      ),
      openGates: Type.Optional(
        Type.Array(
          strictObject({
            gate: Type.String(),
            participant: Type.Optional(Type.String({ description: 'Of whom; of the whole otherwise.' })),
          }),
          { description: 'With `gates-open`: what is open.' },
        ),
      ),
      existingId: Type.Optional(
        Type.String({
          format: 'uuid',
          description: 'With `already-exists`: the record that has the value, if the caller may see it.',
        }),
      ),
      setupToken: Type.Optional(
        Type.String({ description: 'With `mfa-setup-required`: for `POST /v1/totp-enrollments`.' }),
      ),
    },
    {
      description: 'RFC 9457 problem details.',
      examples: [
        {
          type: 'http://127.0.0.1:3000/docs/problems#not-found',
          title: 'Not found',
          status: 404,
          code: 'not-found',
          detail: 'It does not exist, or it may not be seen by this caller: both look the same.',
          requestId: '019c0000-0000-7000-8000-00000000aaaa',
        },
      ],
    },
  ),
)
