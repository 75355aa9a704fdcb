import { type Static, Type } from 'typebox'
import {
  CalendarDate,
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
import { ContactPoint, openingStatuses, SafeContact } from '../clients/index.ts'
import {
  contactRoles,
  inquiryStatuses,
  reachableStatuses,
  requests,
  sources,
  stepReasons,
} from './inquiries.rules.ts'

const ids = {
  inquiry: '019c0000-0000-7000-8000-0000000001f1',
  client: '019c0000-0000-7000-8000-0000000000c1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
}
const when = '2026-11-23T16:00:00.000Z'

const examplePerson = {
  givenName: 'Jordan',
  familyName: 'Example',
  preferredName: null,
  pronouns: null,
  birthDate: null,
}

const InquiryPerson = component(
  'InquiryPerson',
  strictObject(
    {
      givenName: Nullable(Text(80)),
      familyName: Nullable(Text(80)),
      preferredName: Nullable(Text(80)),
      pronouns: Nullable(Text(40)),
      birthDate: Nullable(CalendarDate('Not in the future.')),
    },
    { description: 'Whose care is asked for, as far as they said.', examples: [examplePerson] },
  ),
)

const exampleContact = {
  role: 'self' as const,
  givenName: null,
  familyName: null,
  points: [
    {
      system: 'phone' as const,
      value: '+15555550123',
      kind: 'mobile' as const,
      label: null,
      primary: true,
      usable: true,
    },
  ],
}

const InquiryContact = component(
  'InquiryContact',
  strictObject(
    {
      role: OneOf(contactRoles, {
        description: 'What they are to the person: `self`, or somebody who asks for them.',
      }),
      givenName: Nullable(Text(80, { description: 'Of somebody else than the person.' })),
      familyName: Nullable(Text(80)),
      points: Type.Array(ContactPoint, { maxItems: 6, description: 'How whoever asked is reached.' }),
    },
    { description: 'Who asked, and how they are reached.', examples: [exampleContact] },
  ),
)

const exampleWords = {
  selfDescription: 'I think it has got out of hand (fictional).',
  concern: 'Wants to know whether this is the right place (fictional).',
}

const InquiryWords = component(
  'InquiryWords',
  strictObject(
    {
      selfDescription: Nullable(
        Text(2_000, { description: 'What the person calls it, in their own words. Nobody else names it.' }),
      ),
      concern: Nullable(Text(4_000, { description: 'What they said it is about.' })),
    },
    {
      description: 'What was said. Sealed; for the clinician it is assigned to and whoever supervises them.',
      examples: [exampleWords],
    },
  ),
)

const exampleSafeContact = {
  channels: ['text' as const],
  hours: null,
  neutralText: true,
  voicemailAllowed: false,
  danger: false,
}

const facts = {
  source: OneOf(sources, { description: 'How they came upon the practice.' }),
  askedFor: Type.Array(OneOf(requests), {
    uniqueItems: true,
    minItems: 1,
    maxItems: requests.length,
    description: 'What they ask for.',
  }),
  region: Nullable(
    Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$', description: 'ISO 3166-2: where they are.' }),
  ),
  urgent: Type.Boolean({
    description: 'Somebody should call back today. It says nothing of the reason, and marks nobody.',
  }),
  assignedToId: Nullable(Id('The clinician who sees to it.', ids.staff)),
}

const fields = {
  id: Id('The inquiry.', ids.inquiry),
  status: OneOf(inquiryStatuses),
  ...facts,
  person: Nullable(InquiryPerson),
  contact: Nullable(InquiryContact),
  safeContact: Nullable(SafeContact),
  clientId: Nullable(
    Id('The client they became; null also where the caller may not see that client.', ids.client),
  ),
  receivedAt: Instant('When they first got in touch.'),
  contactedAt: Nullable(Instant('When somebody first answered.')),
  screenedAt: Nullable(Instant('When it was first clear what they need.')),
  endedAt: Nullable(Instant('When it came to an end, one way or another.')),
  anonymizedAt: Nullable(Instant('Since when it names nobody: person, contact and words are gone.')),
  receivedById: Id('Who wrote it down.', ids.staff),
  version: Version,
  createdAt: Instant('When it was written down.'),
  updatedAt: Instant('When it last changed.'),
}

const example = {
  id: ids.inquiry,
  status: 'received' as const,
  source: 'podcast' as const,
  askedFor: ['individual' as const],
  region: 'US-CA',
  urgent: false,
  assignedToId: ids.staff,
  person: examplePerson,
  contact: exampleContact,
  safeContact: exampleSafeContact,
  clientId: null,
  receivedAt: when,
  contactedAt: null,
  screenedAt: null,
  endedAt: null,
  anonymizedAt: null,
  receivedById: ids.staff,
  version: 1,
  createdAt: when,
  updatedAt: when,
}

export const Inquiry = component(
  'Inquiry',
  strictObject(fields, {
    description: 'Somebody asks for care: what the front desk needs to answer them.',
    examples: [example],
  }),
)

const Step = component(
  'InquiryStepTaken',
  strictObject(
    {
      status: OneOf(inquiryStatuses),
      reason: Nullable(OneOf(stepReasons)),
      note: Type.Optional(Nullable(Type.String({ description: 'Absent where `words` is.' }))),
      madeById: Id('Who.', ids.staff),
      madeAt: Instant('When.'),
    },
    {
      description: 'A step of an inquiry.',
      examples: [{ status: 'received', reason: null, note: null, madeById: ids.staff, madeAt: when }],
    },
  ),
)

export const InquiryDetail = component(
  'InquiryDetail',
  strictObject(
    {
      ...fields,
      words: Type.Optional(Nullable(InquiryWords)),
      history: Type.Array(Step, { description: 'Oldest first.' }),
    },
    {
      description:
        'An inquiry with its history; `words` and the notes of steps are absent for those who may not read them.',
      examples: [
        {
          ...example,
          words: exampleWords,
          history: [{ status: 'received', reason: null, note: null, madeById: ids.staff, madeAt: when }],
        },
      ],
    },
  ),
)

export const NewInquiry = component(
  'NewInquiry',
  strictObject(
    {
      source: facts.source,
      askedFor: facts.askedFor,
      region: Type.Optional(facts.region),
      urgent: Type.Optional(facts.urgent),
      assignedToId: Type.Optional(facts.assignedToId),
      person: InquiryPerson,
      contact: InquiryContact,
      safeContact: Type.Optional(SafeContact),
      words: Type.Optional(Nullable(InquiryWords)),
      receivedAt: Type.Optional(Instant('When they got in touch, not in the future; now when left out.')),
    },
    {
      description:
        'Somebody who got in touch. Words are given here once, by whoever took the call; they are not changed afterwards.',
      examples: [
        {
          source: 'podcast',
          askedFor: ['individual'],
          region: 'US-CA',
          urgent: false,
          person: examplePerson,
          contact: exampleContact,
          safeContact: exampleSafeContact,
          words: exampleWords,
        },
      ],
    },
  ),
)

export const InquiryChange = component(
  'InquiryChange',
  Type.Partial(
    strictObject({
      ...facts,
      person: InquiryPerson,
      contact: InquiryContact,
      safeContact: SafeContact,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; `person`, `contact` and `safeContact` are replaced whole.',
      examples: [{ urgent: true, assignedToId: ids.staff }],
    },
  ),
)

export const InquiryStep = component(
  'InquiryStep',
  strictObject(
    {
      status: OneOf(reachableStatuses),
      reason: Type.Optional(
        Nullable(
          OneOf(stepReasons, {
            description: 'Needed where it ends, and where somebody comes back; none where it goes on.',
          }),
        ),
      ),
      note: Type.Optional(
        Nullable(
          Text(4_000, { description: 'What was found, or where to. For those who may read `words`.' }),
        ),
      ),
    },
    {
      description: 'What happened.',
      examples: [{ status: 'contacted', note: 'Called back at noon (fictional).' }],
    },
  ),
)

export const InquiryAcceptance = component(
  'InquiryAcceptance',
  strictObject(
    {
      legalGivenName: Type.Optional(Name(80, { description: 'As the person gave it when left out.' })),
      legalFamilyName: Type.Optional(Name(80, { description: 'As the person gave it when left out.' })),
      birthDate: Type.Optional(CalendarDate('As the person gave it when left out.')),
      status: Type.Optional(OneOf(openingStatuses, { description: '`inquiry` when left out.' })),
      primaryClinicianId: Type.Optional(
        Id('Who leads the care team; who it is assigned to when left out.', ids.staff),
      ),
    },
    {
      description:
        'The client whom it becomes. How to reach them goes over where they asked themselves; nothing of somebody else who asked does.',
      examples: [{ legalGivenName: 'Jordan', legalFamilyName: 'Example', status: 'waitlisted' }],
    },
  ),
)

export const InquiryParams = strictObject({ inquiryId: Id('The inquiry.', ids.inquiry) })

export const InquiryQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(inquiryStatuses, { description: 'Only these.', examples: ['received'] })),
  urgent: Type.Optional(Type.Boolean({ description: 'Only those to be answered today.', examples: [false] })),
  assignedToId: Type.Optional(Id('Only those of this clinician.', ids.staff)),
})
export const InquiryPage = listOf('InquiryPage', Inquiry)

export type Inquiry = Static<typeof Inquiry>
export type InquiryDetail = Static<typeof InquiryDetail>
export type InquiryPerson = Static<typeof InquiryPerson>
export type InquiryContact = Static<typeof InquiryContact>
export type InquiryWords = Static<typeof InquiryWords>
export type NewInquiry = Static<typeof NewInquiry>
export type InquiryChange = Static<typeof InquiryChange>
export type InquiryStep = Static<typeof InquiryStep>
export type InquiryAcceptance = Static<typeof InquiryAcceptance>
export type InquiryQuery = Static<typeof InquiryQuery>
