import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { exampleClientId } from './clients.schemas.ts'

export const identifierKinds = [
  'ssn',
  'insurance_member_id',
  'medicare',
  'medicaid',
  'driver_license',
  'passport',
  'other',
] as const

export const exampleIdentifierId = '019c0000-0000-7000-8000-0000000000d1'

const Kind = OneOf(identifierKinds)
const Issuer = Nullable(Text(120, { description: 'The payer, state or authority it comes from.' }))

export const ClientIdentifier = component(
  'ClientIdentifier',
  strictObject(
    {
      id: Id('The identifier.', exampleIdentifierId),
      clientId: Id('Whose it is.', exampleClientId),
      kind: Kind,
      issuer: Issuer,
      lastFour: Type.String({
        maxLength: 4,
        description: 'The last characters, never more than half of it.',
      }),
      value: Type.Optional(
        Nullable(
          Type.String({
            description:
              'Only when one is read, and only for whoever sees administrative data of the whole practice or, of an insurance, its billing data; null for others.',
          }),
        ),
      ),
      status: OneOf(['active', 'ended'] as const),
      version: Version,
      createdAt: Instant('When it was recorded.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A number that identifies the client elsewhere. Stored sealed.',
      examples: [
        {
          id: exampleIdentifierId,
          clientId: exampleClientId,
          kind: 'insurance_member_id',
          issuer: 'Example Health (fictional)',
          lastFour: '0042',
          status: 'active',
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const ClientIdentifierPage = listOf('ClientIdentifierPage', ClientIdentifier)

export const NewClientIdentifier = component(
  'NewClientIdentifier',
  strictObject(
    {
      kind: Kind,
      issuer: Type.Optional(Issuer),
      value: Text(64, { description: 'As printed; spaces and dashes do not count. A SSN has nine digits.' }),
    },
    {
      description: 'An identifier to record.',
      examples: [
        { kind: 'insurance_member_id', issuer: 'Example Health (fictional)', value: 'XYZ-0000-0042' },
      ],
    },
  ),
)

export const IdentifierParams = strictObject({
  clientId: Id('The client.', exampleClientId),
  identifierId: Id('The identifier.', exampleIdentifierId),
})

export type ClientIdentifier = Static<typeof ClientIdentifier>
export type NewClientIdentifier = Static<typeof NewClientIdentifier>
