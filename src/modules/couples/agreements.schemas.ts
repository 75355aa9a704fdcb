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
import { agreementStatuses, agreementTopics, recordedStatuses } from './agreements.rules.ts'

const coupleId = '019c0000-0000-7000-8000-0000000000d1'
const agreementId = '019c0000-0000-7000-8000-0000000000d9'
const clientId = '019c0000-0000-7000-8000-0000000000c1'
const staffId = '019c0000-0000-7000-8000-0000000000f1'

const fields = {
  topic: OneOf(agreementTopics),
  title: Text(200),
  terms: Text(10_000, { description: 'What the partners agree on.' }),
  consequences: Nullable(Text(5_000, { description: 'What follows when it is broken.' })),
  startsOn: Nullable(CalendarDate('The first day.', '2026-11-20')),
  endsOn: Nullable(CalendarDate('The last day; null when it is open.', '2027-02-20')),
}

const Acceptance = component(
  'CoupleAgreementAcceptance',
  strictObject(
    {
      clientId: Id('The partner who accepted.', clientId),
      acceptedOn: CalendarDate('The day they did; not in the future.', '2026-11-20'),
    },
    {
      description: "A partner's own acceptance, attested by the staff member who records it.",
      examples: [{ clientId, acceptedOn: '2026-11-20' }],
    },
  ),
)

const Change = component(
  'CoupleAgreementChange',
  strictObject(
    {
      status: OneOf(agreementStatuses),
      effectiveOn: CalendarDate('The day it happened.', '2026-11-20'),
      recordedById: Id('The staff member who recorded it.', staffId),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'A step of an agreement.',
      examples: [
        {
          status: 'proposed',
          effectiveOn: '2026-11-20',
          recordedById: staffId,
          createdAt: '2026-11-20T18:00:00.000Z',
        },
      ],
    },
  ),
)

const newExample = {
  topic: 'check_in' as const,
  title: 'Sunday check-in',
  terms: 'We talk for half an hour each Sunday (fictional).',
}

export const CoupleAgreement = component(
  'CoupleAgreement',
  strictObject(
    {
      id: Id('The agreement.', agreementId),
      coupleId: Id('The couple.', coupleId),
      ...fields,
      status: OneOf(agreementStatuses, { description: 'Agreed when both partners have accepted.' }),
      acceptances: Type.Array(Acceptance),
      history: Type.Array(Change, { description: 'Oldest first.' }),
      version: Version,
      createdAt: Instant('When it was proposed.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'What the partners agreed on, in the clinical record of the couple.',
      examples: [
        {
          id: agreementId,
          coupleId,
          ...newExample,
          consequences: null,
          startsOn: '2026-11-20',
          endsOn: null,
          status: 'proposed',
          acceptances: [{ clientId, acceptedOn: '2026-11-20' }],
          history: [
            {
              status: 'proposed',
              effectiveOn: '2026-11-20',
              recordedById: staffId,
              createdAt: '2026-11-20T18:00:00.000Z',
            },
          ],
          version: 2,
          createdAt: '2026-11-20T18:00:00.000Z',
          updatedAt: '2026-11-20T18:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewCoupleAgreement = component(
  'NewCoupleAgreement',
  strictObject(
    {
      topic: fields.topic,
      title: fields.title,
      terms: fields.terms,
      consequences: Type.Optional(fields.consequences),
      startsOn: Type.Optional(fields.startsOn),
      endsOn: Type.Optional(fields.endsOn),
    },
    {
      description: 'An agreement to propose. Its terms never change: other terms are another agreement.',
      examples: [newExample],
    },
  ),
)

export const NewAgreementAcceptance = Acceptance

export const AgreementStep = component(
  'CoupleAgreementStep',
  strictObject(
    {
      status: OneOf(recordedStatuses),
      effectiveOn: CalendarDate('The day it happened; not in the future.', '2026-11-27'),
    },
    {
      description: 'That an agreement was broken, or has ended.',
      examples: [{ status: 'ended', effectiveOn: '2026-11-27' }],
    },
  ),
)

export const CoupleOfAgreements = strictObject({ coupleId: Id('The couple.', coupleId) })
export const AgreementParams = strictObject({
  coupleId: Id('The couple.', coupleId),
  agreementId: Id('The agreement.', agreementId),
})
export const AgreementQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(agreementStatuses, { description: 'Only these.', examples: ['agreed'] })),
})
export const AgreementPage = listOf('CoupleAgreementPage', CoupleAgreement)

export type CoupleAgreement = Static<typeof CoupleAgreement>
export type NewCoupleAgreement = Static<typeof NewCoupleAgreement>
export type NewAgreementAcceptance = Static<typeof NewAgreementAcceptance>
export type AgreementStep = Static<typeof AgreementStep>
export type AgreementQuery = Static<typeof AgreementQuery>
