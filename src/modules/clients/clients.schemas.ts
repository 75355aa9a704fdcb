import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  ExternalIds,
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
import { Address } from '../practice/index.ts'
import { clientStatuses, openingStatuses } from './clients.rules.ts'

export const exampleClientId = '019c0000-0000-7000-8000-0000000000c1'

export const ContactPoint = component(
  'ContactPoint',
  strictObject(
    {
      system: OneOf(['phone', 'email'] as const),
      value: Text(254, {
        description: 'A phone number in any usual spelling (US when it has no country code), or an e-mail.',
      }),
      kind: OneOf(['mobile', 'home', 'work', 'other'] as const),
      label: Type.Optional(Nullable(Text(60))),
      primary: Type.Optional(Type.Boolean({ description: 'At most one of each system. Default false.' })),
      usable: Type.Optional(Type.Boolean({ description: 'False keeps it on record unused. Default true.' })),
    },
    {
      description: 'One way to reach the client. Phone numbers are answered in E.164.',
      examples: [
        {
          system: 'phone',
          value: '+15555550123',
          kind: 'mobile',
          label: null,
          primary: true,
          usable: true,
        },
      ],
    },
  ),
)

export const ClientAddress = component(
  'ClientAddress',
  strictObject(
    {
      kind: OneOf(['home', 'mailing', 'billing', 'other'] as const),
      address: Address,
      confidential: Type.Boolean({
        description:
          'Where papers go that nobody else may see, as asked for under 45 CFR 164.522(b). At most one.',
      }),
    },
    {
      description: 'A postal address of the client.',
      examples: [
        {
          kind: 'mailing',
          address: { line1: '7 Sample Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
          confidential: true,
        },
      ],
    },
  ),
)

const ClockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM.' })

export const channels = ['phone', 'text', 'email', 'mail'] as const

export const SafeContact = component(
  'SafeContact',
  strictObject(
    {
      channels: Type.Array(OneOf(channels), {
        uniqueItems: true,
        maxItems: channels.length,
        description: 'The only ways in which the practice may write or call.',
      }),
      hours: Nullable(
        strictObject(
          { from: ClockTime, to: ClockTime },
          { description: "Only between these, in the practice's time zone; null means at any time." },
        ),
      ),
      neutralText: Type.Boolean({
        description: 'Messages say nothing of the kind of care, nor the name of a service.',
      }),
      voicemailAllowed: Type.Boolean({ description: 'Whether a message may be left.' }),
      danger: Type.Boolean({
        description:
          'Contact may put the client at risk. Silently stops anything linked to another person: joint appointments, messages to related people.',
      }),
    },
    {
      description: 'How the client may be reached without harm.',
      examples: [
        {
          channels: ['text', 'email'],
          hours: { from: '09:00', to: '17:00' },
          neutralText: true,
          voicemailAllowed: false,
          danger: false,
        },
      ],
    },
  ),
)

const editable = {
  legalGivenName: Name(80),
  legalFamilyName: Name(80),
  preferredName: Nullable(Name(80, { description: 'How the person wants to be called.' })),
  pronouns: Nullable(Text(40)),
  birthDate: Nullable(CalendarDate('Not in the future.')),
  sexRecordedAtBirth: Nullable(
    OneOf(['female', 'male', 'intersex', 'unknown'] as const, {
      description: 'As a payer has it on record. Says nothing about gender.',
    }),
  ),
  gender: Nullable(Text(80, { description: "In the person's own words." })),
  contactPoints: Type.Array(ContactPoint, { maxItems: 20 }),
  addresses: Type.Array(ClientAddress, { maxItems: 10 }),
  languages: Type.Array(
    Type.String({ minLength: 2, maxLength: 35, description: 'BCP 47.', examples: ['en'] }),
    { maxItems: 10, description: 'In order of preference.' },
  ),
  safeContact: SafeContact,
  timeZone: Nullable(
    TimeZone('IANA zone in which the client’s own days begin; null where the practice’s zone holds.'),
  ),
  externalIds: ExternalIds,
}

const hidden = 'Absent where the caller may see name, birth date and insurance only.'

const exampleClient = {
  id: exampleClientId,
  legalGivenName: 'Jordan',
  legalFamilyName: 'Example',
  preferredName: 'Jo',
  pronouns: 'they/them',
  birthDate: '1988-04-12',
  sexRecordedAtBirth: 'unknown',
  gender: 'nonbinary',
  contactPoints: [
    { system: 'phone', value: '+15555550123', kind: 'mobile', label: null, primary: true, usable: true },
  ],
  addresses: [],
  languages: ['en'],
  safeContact: {
    channels: ['text', 'email'],
    hours: null,
    neutralText: true,
    voicemailAllowed: false,
    danger: false,
  },
  timeZone: 'America/Denver',
  status: 'active',
  statusChangedAt: '2026-11-01T17:00:00.000Z',
  externalIds: { 'billing-system': 'C-1001' },
  mergedIntoId: null,
  version: 1,
  createdAt: '2026-11-01T17:00:00.000Z',
  updatedAt: '2026-11-01T17:00:00.000Z',
}

const clientFields = {
  id: Id('The client.', exampleClientId),
  legalGivenName: editable.legalGivenName,
  legalFamilyName: editable.legalFamilyName,
  preferredName: editable.preferredName,
  birthDate: editable.birthDate,
  externalIds: editable.externalIds,
  pronouns: Type.Optional(editable.pronouns),
  sexRecordedAtBirth: Type.Optional(editable.sexRecordedAtBirth),
  gender: Type.Optional(editable.gender),
  contactPoints: Type.Optional(editable.contactPoints),
  addresses: Type.Optional(editable.addresses),
  languages: Type.Optional(editable.languages),
  safeContact: Type.Optional(SafeContact),
  timeZone: Type.Optional(editable.timeZone),
  status: Type.Optional(OneOf(clientStatuses, { description: hidden })),
  statusChangedAt: Type.Optional(Instant('When the status last changed.')),
  mergedIntoId: Nullable(
    Id('The record that goes on, when this one was merged into it. Writes go there.', exampleClientId),
  ),
  version: Version,
  createdAt: Instant('When it was created.'),
  updatedAt: Instant('When it last changed.'),
}

export const Client = component(
  'Client',
  strictObject(clientFields, {
    description: `A person in care, or asking for it. Optional fields: ${hidden.toLowerCase()}`,
    examples: [exampleClient],
  }),
)

export const duplicateReasons = [
  'same_identifier',
  'same_birth_date_and_similar_name',
  'same_email',
  'same_phone',
] as const

export const ClientSummary = component(
  'ClientSummary',
  strictObject(
    {
      id: clientFields.id,
      legalGivenName: clientFields.legalGivenName,
      legalFamilyName: clientFields.legalFamilyName,
      preferredName: clientFields.preferredName,
      birthDate: clientFields.birthDate,
      status: clientFields.status,
      version: Version,
    },
    {
      description: 'Enough of a client to choose the right one.',
      examples: [
        {
          id: exampleClientId,
          legalGivenName: 'Jordan',
          legalFamilyName: 'Example',
          preferredName: 'Jo',
          birthDate: '1988-04-12',
          status: 'active',
          version: 1,
        },
      ],
    },
  ),
)

export const DuplicateCandidate = component(
  'DuplicateCandidate',
  strictObject(
    {
      client: ClientSummary,
      score: Type.Integer({
        minimum: 0,
        maximum: 100,
        description:
          'The sum of its reasons, at most 100: same identifier 60, same birth date and similar name 50, same e-mail 30, same phone 20. Reported from 20.',
      }),
      reasons: Type.Array(OneOf(duplicateReasons)),
    },
    {
      description: 'A client who may be the same person.',
      examples: [
        {
          client: {
            id: '019c0000-0000-7000-8000-0000000000c2',
            legalGivenName: 'Jordan',
            legalFamilyName: 'Exampel',
            preferredName: null,
            birthDate: '1988-04-12',
            status: 'inquiry',
            version: 1,
          },
          score: 70,
          reasons: ['same_birth_date_and_similar_name', 'same_phone'],
        },
      ],
    },
  ),
)

export const CreatedClient = component(
  'CreatedClient',
  strictObject(
    {
      ...clientFields,
      possibleDuplicates: Type.Optional(
        Type.Array(DuplicateCandidate, {
          description: 'Only when `warnOfDuplicates` was asked for, and only clients the caller may see.',
        }),
      ),
    },
    { description: 'The client as created.', examples: [exampleClient] },
  ),
)

export const NewClient = component(
  'NewClient',
  strictObject(
    {
      legalGivenName: editable.legalGivenName,
      legalFamilyName: editable.legalFamilyName,
      preferredName: Type.Optional(editable.preferredName),
      pronouns: Type.Optional(editable.pronouns),
      birthDate: Type.Optional(editable.birthDate),
      sexRecordedAtBirth: Type.Optional(editable.sexRecordedAtBirth),
      gender: Type.Optional(editable.gender),
      contactPoints: Type.Optional(editable.contactPoints),
      addresses: Type.Optional(editable.addresses),
      languages: Type.Optional(editable.languages),
      safeContact: Type.Optional(SafeContact),
      timeZone: Type.Optional(editable.timeZone),
      externalIds: Type.Optional(ExternalIds),
      status: Type.Optional(OneOf(openingStatuses, { description: '`inquiry` when left out.' })),
      primaryClinicianId: Type.Optional(
        Id(
          "The clinician who leads the care team of the client's individual chart. A clinician who creates a client leads it when this is left out.",
          '019c0000-0000-7000-8000-0000000000b1',
        ),
      ),
    },
    {
      description: 'A client to register.',
      examples: [
        {
          legalGivenName: 'Jordan',
          legalFamilyName: 'Example',
          preferredName: 'Jo',
          birthDate: '1988-04-12',
          contactPoints: [{ system: 'phone', value: '(555) 555-0123', kind: 'mobile', primary: true }],
          languages: ['en'],
          externalIds: { 'billing-system': 'C-1001' },
        },
      ],
    },
  ),
)

export const ClientChange = component(
  'ClientChange',
  Type.Partial(strictObject(editable), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays. Lists and `externalIds` are replaced whole.',
    examples: [{ preferredName: 'Jojo', languages: ['en', 'es'] }],
  }),
)

export const ClientParams = strictObject({ clientId: Id('The client.', exampleClientId) })

export const NewClientQuery = strictObject({
  warnOfDuplicates: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'Also answer clients who may be the same person, to callers who also have `clients:read`. Never blocks.',
      examples: [true],
    }),
  ),
})

export const ClientQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(
    OneOf(clientStatuses, {
      description: 'Only these. Merged records are listed only when asked for.',
      examples: ['active'],
    }),
  ),
  updatedSince: Type.Optional(
    Instant('Only those changed since, in the order of their last change. For a gapless feed, use events.'),
  ),
})
export const ClientPage = listOf('ClientPage', Client)

export type ContactPoint = Static<typeof ContactPoint>
export type ClientAddress = Static<typeof ClientAddress>
export type SafeContact = Static<typeof SafeContact>
export type Client = Static<typeof Client>
export type ClientSummary = Static<typeof ClientSummary>
export type CreatedClient = Static<typeof CreatedClient>
export type DuplicateCandidate = Static<typeof DuplicateCandidate>
export type NewClient = Static<typeof NewClient>
export type ClientChange = Static<typeof ClientChange>
export type ClientQuery = Static<typeof ClientQuery>
