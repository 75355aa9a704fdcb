import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  strictObject,
  Text,
  Version,
} from '../../../lib/schemas.ts'
import { exampleIds, exampleInstant } from '../documents/documents.schemas.ts'
import { answers, consentStatuses, recordedConsentSteps } from './consents.rules.ts'

export const partnerRoles = ['spouse', 'partner', 'other'] as const

const exampleConsent = '019c0000-0000-7000-8000-00000000130e'
const words = 'Ninety days without sex, so that I can feel what is underneath (fictional).'

const Words = Text(2_000, {
  description:
    'What the partner is asked, in words that the client agreed to share. A partner who is a client sees these and nothing else.',
})
const AgreedOn = CalendarDate('The day on which the client agreed to share `words`.', '2026-01-05')
const Role = OneOf(partnerRoles, { description: 'Who is asked, by role. Nobody is named.' })
const Status = OneOf(consentStatuses, {
  description: 'A partner may withdraw what they gave, and give it again. `retracted`: no longer asked for.',
})
const StatusOn = CalendarDate('Since which day.', '2026-01-06')

/** What a contract shows of each consent, to staff and to the client. */
export const ConsentSummary = component(
  'AbstinenceConsentSummary',
  strictObject(
    {
      partnerConsentId: Id('The consent.', exampleConsent),
      partnerRole: Role,
      status: Status,
      statusOn: StatusOn,
    },
    {
      description: 'Where the consent of a partner stands.',
      examples: [
        {
          partnerConsentId: exampleConsent,
          partnerRole: 'spouse',
          status: 'given',
          statusOn: '2026-01-06',
        },
      ],
    },
  ),
)

export const consentSummaryExample = {
  partnerConsentId: exampleConsent,
  partnerRole: 'spouse' as const,
  status: 'given' as const,
  statusOn: '2026-01-06',
}

const stepExample = {
  step: 'asked' as const,
  effectiveOn: '2026-01-05',
  enteredBy: 'staff' as const,
  recordedById: exampleIds.staff,
  recordedAt: exampleInstant,
}

const ConsentStep = component(
  'AbstinenceConsentStep',
  strictObject(
    {
      step: OneOf(consentStatuses),
      effectiveOn: CalendarDate('The day on which it was said.', '2026-01-05'),
      enteredBy: OneOf(['staff', 'partner'] as const, {
        description: 'By staff, who witnessed it or were told, or by the partner at the portal.',
      }),
      recordedById: Nullable(Id('The member of staff; null where the partner did.', exampleIds.staff)),
      recordedAt: Instant('When it was recorded.', exampleInstant),
    },
    { description: 'A step of a consent.', examples: [stepExample] },
  ),
)

const consentExample = {
  id: exampleConsent,
  contractId: exampleIds.contract,
  partnerRole: 'spouse' as const,
  words,
  clientAgreedOn: '2026-01-05',
  status: 'asked' as const,
  statusOn: '2026-01-05',
  steps: [stepExample],
  version: 1,
  createdAt: exampleInstant,
  updatedAt: exampleInstant,
}

export const PartnerConsent = component(
  'AbstinenceConsent',
  strictObject(
    {
      id: Id('The consent.', exampleConsent),
      contractId: Id('The contract that it is about.', exampleIds.contract),
      partnerRole: Role,
      words: Words,
      clientAgreedOn: AgreedOn,
      status: Status,
      statusOn: StatusOn,
      steps: Type.Array(ConsentStep, { description: 'Oldest first.' }),
      version: Version,
      createdAt: Instant('When it was asked for.', exampleInstant),
      updatedAt: Instant('When it last changed.', exampleInstant),
    },
    {
      description:
        'Consent of a partner to a contract. It leads to nobody’s chart: whether the partner is a client is not said here.',
      examples: [consentExample],
    },
  ),
)

export const PartnerConsentList = component(
  'AbstinenceConsentList',
  strictObject(
    { consents: Type.Array(PartnerConsent, { description: 'Oldest first.' }) },
    { description: 'Consents of partners to one contract.', examples: [{ consents: [consentExample] }] },
  ),
)

export const NewPartnerConsent = component(
  'NewAbstinenceConsent',
  strictObject(
    {
      partnerRole: Role,
      words: Words,
      clientAgreedOn: AgreedOn,
      coupleId: Type.Optional(
        Id(
          'The couple of the client and a partner who is a client of the practice: they see and answer it at the portal. Left out where the partner is no client.',
          '019c0000-0000-7000-8000-0000000000c2',
        ),
      ),
    },
    {
      description: 'What to ask a partner.',
      examples: [{ partnerRole: 'spouse', words, clientAgreedOn: '2026-01-05' }],
    },
  ),
)

export const NewConsentStep = component(
  'NewAbstinenceConsentStep',
  strictObject(
    {
      step: OneOf(recordedConsentSteps),
      effectiveOn: CalendarDate(
        'The day on which it was said: not in the future, and not before the step that came last.',
        '2026-01-06',
      ),
    },
    {
      description: 'What a partner said to a member of staff, or that the question is taken back.',
      examples: [{ step: 'given', effectiveOn: '2026-01-06' }],
    },
  ),
)

const answerExample = { step: 'given' as const, effectiveOn: '2026-01-06' }

const askedExample = {
  id: exampleConsent,
  words,
  status: 'given' as const,
  statusOn: '2026-01-06',
  answers: [answerExample],
  version: 2,
}

export const AskedConsent = component(
  'PortalPartnerConsent',
  strictObject(
    {
      id: Id('The consent.', exampleConsent),
      words: Type.String({ description: 'What the client is asked, as a partner.' }),
      status: OneOf(['asked', ...answers] as const),
      statusOn: StatusOn,
      answers: Type.Array(
        strictObject({ step: OneOf(answers), effectiveOn: CalendarDate('Since when.', '2026-01-06') }),
        { description: 'What they answered so far, oldest first.' },
      ),
      version: Version,
    },
    {
      description:
        'Something that the client is asked to consent to as a partner. Nothing else is told of it.',
      examples: [askedExample],
    },
  ),
)

export const AskedConsents = component(
  'PortalPartnerConsents',
  strictObject(
    { consents: Type.Array(AskedConsent, { description: 'Oldest first.' }) },
    { description: 'What the client is asked as a partner.', examples: [{ consents: [askedExample] }] },
  ),
)

export const NewAnswer = component(
  'PortalPartnerConsentAnswer',
  strictObject(
    {
      answer: OneOf(answers, {
        description: 'What was given may be withdrawn at any time, without a reason.',
      }),
    },
    { description: 'The answer of a partner.', examples: [{ answer: 'given' }] },
  ),
)

const consentId = Id('The consent.', exampleConsent)
export const ConsentParams = strictObject({
  chartId: Id('The individual chart.', exampleIds.chart),
  contractId: Id('The contract.', exampleIds.contract),
  partnerConsentId: consentId,
})
export const AskedParams = strictObject({ partnerConsentId: consentId })

export type ConsentSummary = Static<typeof ConsentSummary>
export type PartnerConsent = Static<typeof PartnerConsent>
export type PartnerConsentList = Static<typeof PartnerConsentList>
export type NewPartnerConsent = Static<typeof NewPartnerConsent>
export type NewConsentStep = Static<typeof NewConsentStep>
export type AskedConsent = Static<typeof AskedConsent>
export type AskedConsents = Static<typeof AskedConsents>
