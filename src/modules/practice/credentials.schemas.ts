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

export const credentialStatuses = ['candidate', 'held', 'lapsed', 'entered_in_error'] as const

const fields = {
  code: Type.String({
    pattern: '^[A-Z][A-Z0-9-]{0,19}$',
    description: 'Short name, as it stands behind a name: CSAT, CSAT-C, EMDRIA, SEP, BCIA and so on.',
  }),
  issuer: Text(120, { description: 'Who issues it.' }),
  status: OneOf(credentialStatuses, {
    description:
      'A candidate is in training. What has run out is `lapsed` by itself. What was entered in error counts nowhere.',
  }),
  number: Nullable(Text(40)),
  issuedOn: Nullable(CalendarDate('First day.', '2024-03-01')),
  expiresOn: Nullable(CalendarDate('Last day on which it is good.', '2099-02-28')),
}

const example = {
  code: 'CSAT',
  issuer: 'Example Institute (fictional)',
  status: 'held',
  number: 'C-0001',
  issuedOn: '2024-03-01',
  expiresOn: '2099-02-28',
}

export const Credential = component(
  'Credential',
  strictObject(
    {
      id: Id('The credential.', '019c0000-0000-7000-8000-0000000000c1'),
      staffId: Id('Whose it is.', '019c0000-0000-7000-8000-0000000000b1'),
      ...fields,
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A certification of a member of staff, beside the licenses.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000c1',
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

export const NewCredential = component(
  'NewCredential',
  strictObject(
    {
      code: fields.code,
      issuer: fields.issuer,
      status: fields.status,
      number: Type.Optional(fields.number),
      issuedOn: Type.Optional(fields.issuedOn),
      expiresOn: Type.Optional(fields.expiresOn),
    },
    { description: 'A credential to record.', examples: [example] },
  ),
)

export const CredentialChange = component(
  'CredentialChange',
  Type.Partial(strictObject(fields), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ expiresOn: '2101-02-28' }],
  }),
)

export const CredentialParams = strictObject({
  staffId: Id('The member of staff.', '019c0000-0000-7000-8000-0000000000b1'),
  credentialId: Id('The credential.', '019c0000-0000-7000-8000-0000000000c1'),
})
export const CredentialQuery = strictObject(PageQuery)
export const CredentialPage = listOf('CredentialPage', Credential)

export type Credential = Static<typeof Credential>
export type NewCredential = Static<typeof NewCredential>
export type CredentialChange = Static<typeof CredentialChange>
export type CredentialQuery = Static<typeof CredentialQuery>
