import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
} from '../../lib/schemas.ts'

const NullableId = (description: string) => Nullable(Type.String({ format: 'uuid', description }))

export const AuditEntry = component(
  'AuditEntry',
  strictObject(
    {
      id: Id('The entry.'),
      occurredAt: Instant('When.'),
      actorKind: OneOf(['user', 'api_client', 'client', 'system'], { description: 'What kind of actor.' }),
      actorId: Id('The user, API client or client of the practice; the practice itself for `system`.'),
      staffId: NullableId('The staff member whom the user is.'),
      sessionId: NullableId('The session of a user or client.'),
      requestId: Type.String({ description: 'The `requestId` of problems and logs.' }),
      operation: Type.String({ description: 'The operationId.' }),
      decision: OneOf(['granted', 'denied'], { description: 'Whether it was allowed.' }),
      outcome: Nullable(Type.String({ description: 'The problem code of a refusal.' })),
      purpose: OneOf(['treatment', 'payment', 'operations', 'emergency'], { description: 'What for.' }),
      resourceType: Nullable(Type.String({ description: 'What kind of record.' })),
      resourceId: NullableId('The record.'),
      chartId: NullableId('The chart it belongs to.'),
      clientIds: Type.Array(Type.String({ format: 'uuid' }), {
        description: 'The people whose records were shown or changed.',
      }),
      fields: Type.Array(Type.String(), { description: 'Names of the fields that changed; never values.' }),
      emergencyAccessId: NullableId('The emergency access it was done under.'),
      remoteAddress: Nullable(Type.String({ description: 'Where the request came from.' })),
    },
    {
      description: 'One access to the practice’s records: who, when, what, why and whether it was allowed.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-00000000ad01',
          occurredAt: '2026-11-23T16:00:00.000Z',
          actorKind: 'user',
          actorId: '019c0000-0000-7000-8000-0000000000b1',
          staffId: '019c0000-0000-7000-8000-0000000000e1',
          sessionId: '019c0000-0000-7000-8000-0000000000b2',
          requestId: '019c0000-0000-7000-8000-00000000aaaa',
          operation: 'changeLocation',
          decision: 'granted',
          outcome: null,
          purpose: 'operations',
          resourceType: 'location',
          resourceId: '019c0000-0000-7000-8000-0000000000a1',
          chartId: null,
          clientIds: [],
          fields: ['phone'],
          emergencyAccessId: null,
          remoteAddress: '192.0.2.10',
        },
      ],
    },
  ),
)

const OptionalId = (description: string) =>
  Type.Optional(
    Type.String({ format: 'uuid', description, examples: ['019c0000-0000-7000-8000-0000000000b1'] }),
  )
const OptionalInstant = (description: string, example: string) =>
  Type.Optional(
    Type.String({
      format: 'date-time',
      maxLength: 40,
      description: `${description} RFC 3339.`,
      examples: [example],
    }),
  )

export const AuditQuery = strictObject({
  ...PageQuery,
  actorId: OptionalId('Only what this user or API client did.'),
  staffId: OptionalId('Only what this staff member did.'),
  clientId: OptionalId('Only what touched this client.'),
  chartId: OptionalId('Only what touched this chart.'),
  operation: Type.Optional(
    Type.String({
      maxLength: 80,
      pattern: '^[A-Za-z]+$',
      description: 'Only this operationId.',
      examples: ['changeLocation'],
    }),
  ),
  from: OptionalInstant('Only from then on.', '2026-11-23T00:00:00Z'),
  to: OptionalInstant('Only before then.', '2026-11-24T00:00:00Z'),
})

export const AuditPage = listOf('AuditPage', AuditEntry)

export type AuditEntry = Static<typeof AuditEntry>
export type AuditQuery = Static<typeof AuditQuery>
