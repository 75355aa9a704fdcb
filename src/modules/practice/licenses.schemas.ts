import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'

export const licenseStatuses = ['active', 'expired', 'suspended', 'surrendered', 'entered_in_error'] as const

const fields = {
  profession: Text(80, { description: 'What it licenses, in the words of the board.' }),
  state: Type.String({ pattern: '^[A-Z]{2}$', description: 'USPS code of the state that issued it.' }),
  licenseType: Type.String({
    pattern: '^[A-Z][A-Z0-9-]{0,19}$',
    description: 'Short name in capitals, as it stands behind a name: LMFT, AMFT, PSY, LCSW and so on.',
  }),
  number: Type.String({
    pattern: '^[A-Z0-9][A-Z0-9./-]{0,39}$',
    description: 'In capitals and without spaces. Unique per state and type within the practice.',
  }),
  status: OneOf(licenseStatuses, {
    description:
      'What has run out is `expired` by itself. What was entered in error counts nowhere and frees its number.',
  }),
  issuedOn: Nullable(CalendarDate('First day.', '2025-01-01')),
  expiresOn: Nullable(CalendarDate('Last day on which it is good.', '2099-12-31')),
  source: Nullable(Text(160, { description: 'Where somebody looked it up.' })),
  verifiedAt: Nullable(Instant('When somebody looked it up.', '2026-11-01T17:00:00.000Z')),
}

const example = {
  profession: 'Marriage and family therapist',
  state: 'CA',
  licenseType: 'LMFT',
  number: '000001',
  status: 'active',
  issuedOn: '2025-01-01',
  expiresOn: '2099-12-31',
  source: "The board's public register",
  verifiedAt: '2026-11-01T17:00:00.000Z',
}

export const License = component(
  'License',
  strictObject(
    {
      id: Id('The license.', '019c0000-0000-7000-8000-0000000000d1'),
      staffId: Id('Whose it is.', '019c0000-0000-7000-8000-0000000000b1'),
      ...fields,
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'Permission of one state to practice.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000d1',
          staffId: '019c0000-0000-7000-8000-0000000000b1',
          ...example,
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewLicense = component(
  'NewLicense',
  strictObject(
    {
      profession: fields.profession,
      state: fields.state,
      licenseType: fields.licenseType,
      number: fields.number,
      status: fields.status,
      issuedOn: Type.Optional(fields.issuedOn),
      expiresOn: Type.Optional(fields.expiresOn),
      source: Type.Optional(fields.source),
      verifiedAt: Type.Optional(fields.verifiedAt),
    },
    { description: 'A license to record.', examples: [example] },
  ),
)

export const LicenseChange = component(
  'LicenseChange',
  Type.Partial(strictObject(fields), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ expiresOn: '2101-12-31' }],
  }),
)

export const LicenseParams = strictObject({
  staffId: Id('The member of staff.', '019c0000-0000-7000-8000-0000000000b1'),
  licenseId: Id('The license.', '019c0000-0000-7000-8000-0000000000d1'),
})
export const LicenseQuery = strictObject(PageQuery)
export const ExpiringQuery = strictObject({
  ...PageQuery,
  expiringBefore: CalendarDate('Only what expires before this day, or has already.', '2027-02-01'),
})
export const LicensePage = listOf('LicensePage', License)

export type License = Static<typeof License>
export type NewLicense = Static<typeof NewLicense>
export type LicenseChange = Static<typeof LicenseChange>
export type LicenseQuery = Static<typeof LicenseQuery>
export type ExpiringQuery = Static<typeof ExpiringQuery>
