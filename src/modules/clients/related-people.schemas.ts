import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Name,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { Address } from '../practice/index.ts'
import { exampleClientId } from './clients.schemas.ts'

export const exampleRelatedPersonId = '019c0000-0000-7000-8000-0000000000f1'

const relationships = [
  'parent',
  'spouse',
  'partner',
  'former_partner',
  'child',
  'sibling',
  'grandparent',
  'other_family',
  'friend',
  'sponsor',
  'attorney',
  'other',
] as const
const roles = ['emergency_contact', 'guardian', 'guarantor', 'partner', 'personal_representative'] as const
const topics = ['attendance', 'appointments', 'billing', 'emergency', 'treatment'] as const

const fields = {
  givenName: Name(80),
  familyName: Nullable(Name(80)),
  relationship: OneOf(relationships, { description: 'What this person is to the client.' }),
  roles: Type.Array(OneOf(roles), { uniqueItems: true, maxItems: roles.length }),
  phone: Nullable(Text(40, { description: 'Answered in E.164.' })),
  email: Nullable(Text(254)),
  address: Nullable(Address),
  mayKnow: Type.Array(OneOf(topics), {
    uniqueItems: true,
    maxItems: topics.length,
    description:
      'What the client allows this person to be told. Empty: nothing, not even that the client is one. It replaces no release that the law asks for.',
  }),
  becameClientId: Nullable(
    Id(
      'The client this person has become. Shown and settable only where the caller may see that client too.',
      '019c0000-0000-7000-8000-0000000000c2',
    ),
  ),
}

const example = {
  id: exampleRelatedPersonId,
  clientId: exampleClientId,
  givenName: 'Robin',
  familyName: 'Example',
  relationship: 'parent',
  roles: ['guardian', 'emergency_contact'],
  phone: '+15555550188',
  email: 'robin@family.example',
  address: null,
  mayKnow: ['appointments', 'emergency'],
  becameClientId: null,
  status: 'active',
  version: 1,
  createdAt: '2026-11-01T17:00:00.000Z',
  updatedAt: '2026-11-01T17:00:00.000Z',
}

const Status = OneOf(['active', 'ended'] as const)

export const RelatedPerson = component(
  'RelatedPerson',
  strictObject(
    {
      id: Id('The related person.', exampleRelatedPersonId),
      clientId: Id('The client.', exampleClientId),
      ...fields,
      status: Status,
      version: Version,
      createdAt: Instant('When it was recorded.'),
      updatedAt: Instant('When it last changed.'),
    },
    { description: 'Somebody around a client, who is no client by that.', examples: [example] },
  ),
)

export const NewRelatedPerson = component(
  'NewRelatedPerson',
  strictObject(
    {
      givenName: fields.givenName,
      familyName: Type.Optional(fields.familyName),
      relationship: fields.relationship,
      roles: Type.Optional(fields.roles),
      phone: Type.Optional(fields.phone),
      email: Type.Optional(fields.email),
      address: Type.Optional(fields.address),
      mayKnow: Type.Optional(fields.mayKnow),
    },
    {
      description: 'A related person to record.',
      examples: [
        {
          givenName: 'Robin',
          familyName: 'Example',
          relationship: 'parent',
          roles: ['guardian', 'emergency_contact'],
          phone: '(555) 555-0188',
          mayKnow: ['appointments', 'emergency'],
        },
      ],
    },
  ),
)

export const RelatedPersonChange = component(
  'RelatedPersonChange',
  Type.Partial(strictObject({ ...fields, status: Status }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ mayKnow: [], status: 'ended' }],
  }),
)

export const RelatedPersonParams = strictObject({
  clientId: Id('The client.', exampleClientId),
  relatedPersonId: Id('The related person.', exampleRelatedPersonId),
})
export const RelatedPersonQuery = strictObject({ ...PageQuery })
export const RelatedPersonPage = listOf('RelatedPersonPage', RelatedPerson)

export type RelatedPerson = Static<typeof RelatedPerson>
export type NewRelatedPerson = Static<typeof NewRelatedPerson>
export type RelatedPersonChange = Static<typeof RelatedPersonChange>
export type RelatedPersonQuery = Static<typeof RelatedPersonQuery>
