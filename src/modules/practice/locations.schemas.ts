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
  TimeZone,
  Version,
} from '../../lib/schemas.ts'

export const locationStatuses = ['active', 'closed'] as const

export const Address = component(
  'Address',
  strictObject(
    {
      line1: Text(120),
      line2: Type.Optional(Nullable(Text(120))),
      city: Text(80),
      state: Type.String({ pattern: '^[A-Z]{2}$', description: 'USPS state code.' }),
      postalCode: Type.String({ pattern: '^[0-9]{5}(-[0-9]{4})?$', description: 'ZIP or ZIP+4.' }),
      country: Type.Optional(
        Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1; the US when left out.' }),
      ),
    },
    {
      description: 'A postal address.',
      examples: [
        { line1: '100 Example Street', city: 'Faketown', state: 'CA', postalCode: '90000', country: 'US' },
      ],
    },
  ),
)

const fields = {
  name: Name(120, { description: 'Unique within the practice.' }),
  timeZone: TimeZone('IANA zone in which this location keeps its calendar.'),
  address: Nullable(Address),
  phone: Nullable(Text(40)),
}

export const Location = component(
  'Location',
  strictObject(
    {
      id: Id('The location.'),
      ...fields,
      status: OneOf(locationStatuses),
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A place where the practice works.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000a1',
          name: 'Harbor Office',
          timeZone: 'America/Los_Angeles',
          address: {
            line1: '100 Example Street',
            line2: null,
            city: 'Faketown',
            state: 'CA',
            postalCode: '90000',
            country: 'US',
          },
          phone: '+15555550100',
          status: 'active',
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewLocation = component(
  'NewLocation',
  strictObject(
    {
      name: fields.name,
      timeZone: fields.timeZone,
      address: Type.Optional(fields.address),
      phone: Type.Optional(fields.phone),
    },
    {
      description: 'A location to create.',
      examples: [{ name: 'Harbor Office', timeZone: 'America/Los_Angeles', phone: '+15555550100' }],
    },
  ),
)

export const LocationChange = component(
  'LocationChange',
  Type.Partial(
    strictObject({
      ...fields,
      status: OneOf(locationStatuses, { description: 'A closed location takes no new appointments.' }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; what is left out stays.',
      examples: [{ phone: '+15555550101' }],
    },
  ),
)

export const LocationParams = strictObject({
  locationId: Id('The location.', '019c0000-0000-7000-8000-0000000000a1'),
})
export const LocationQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(locationStatuses, { description: 'Only these.', examples: ['active'] })),
})
export const LocationPage = listOf('LocationPage', Location)

export type Location = Static<typeof Location>
export type NewLocation = Static<typeof NewLocation>
export type LocationChange = Static<typeof LocationChange>
export type LocationQuery = Static<typeof LocationQuery>
