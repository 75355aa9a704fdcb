import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Money,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../../lib/schemas.ts'

const ids = {
  policy: '019c0000-0000-7000-8000-0000000000f5',
  signature: '019c0000-0000-7000-8000-0000000000f6',
  fee: '019c0000-0000-7000-8000-0000000000f7',
  client: '019c0000-0000-7000-8000-0000000000b1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  appointment: '019c0000-0000-7000-8000-0000000000d1',
  staff: '019c0000-0000-7000-8000-0000000000e1',
}

const Cents = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, description, examples: [7_500] })

const terms = {
  text: Text(8_000, { description: 'What the client signs, in the words of the practice.' }),
  windowHours: Type.Integer({
    minimum: 0,
    maximum: 336,
    description:
      'How long before the start a cancellation begins to be late. Full days are days of the wall clock of the location.',
    examples: [48],
  }),
  lateCancellationFeeCents: Cents('For a late cancellation, in cents; 0 asks for nothing.'),
  noShowFeeCents: Cents('For a session nobody came to, in cents; 0 asks for nothing.'),
  graceCount: Type.Integer({
    minimum: 0,
    maximum: 20,
    description: 'How many of them cost nothing within `graceMonths`.',
    examples: [1],
  }),
  graceMonths: Type.Integer({
    minimum: 1,
    maximum: 60,
    description: 'Counted back from each.',
    examples: [12],
  }),
}

const exampleTerms = {
  text: 'Please cancel two days ahead (fictional).',
  windowHours: 48,
  lateCancellationFeeCents: 7_500,
  noShowFeeCents: 15_000,
  graceCount: 1,
  graceMonths: 12,
}

export const CancellationPolicy = component(
  'CancellationPolicy',
  strictObject(
    {
      id: Id('This version.', ids.policy),
      number: Type.Integer({
        minimum: 1,
        description: 'Counts the versions of the practice.',
        examples: [2],
      }),
      ...terms,
      currency: Type.String({ description: 'ISO 4217.', examples: ['USD'] }),
      effectiveOn: CalendarDate('The first day on which it holds.', '2026-12-01'),
      createdById: Id('Who wrote it.', ids.staff),
      createdAt: Instant('When it was written.'),
    },
    {
      description: 'One version of what a late cancellation costs. Versions are never edited.',
      examples: [
        {
          id: ids.policy,
          number: 2,
          ...exampleTerms,
          currency: 'USD',
          effectiveOn: '2026-12-01',
          createdById: ids.staff,
          createdAt: '2026-11-20T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewCancellationPolicy = component(
  'NewCancellationPolicy',
  strictObject(
    { ...terms, effectiveOn: CalendarDate('The first day on which it holds.', '2026-12-01') },
    {
      description: 'The next version. Fees are owed by those who signed it, or an earlier one they signed.',
      examples: [{ ...exampleTerms, effectiveOn: '2026-12-01' }],
    },
  ),
)

export const PolicySignature = component(
  'CancellationPolicySignature',
  strictObject(
    {
      id: Id('The signature.', ids.signature),
      cancellationPolicyId: Id('The version that was signed.', ids.policy),
      policyNumber: Type.Integer({ minimum: 1, description: 'Its number.', examples: [2] }),
      clientId: Id('Who signed, or on whose behalf it was signed.', ids.client),
      method: OneOf(['paper', 'electronic', 'portal'] as const),
      signedOn: CalendarDate('When it was signed.', '2026-12-01'),
      recordedById: Nullable(Id('Who recorded it; null from the portal.', ids.staff)),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'A client agreed to one version.',
      examples: [
        {
          id: ids.signature,
          cancellationPolicyId: ids.policy,
          policyNumber: 2,
          clientId: ids.client,
          method: 'paper',
          signedOn: '2026-12-01',
          recordedById: ids.staff,
          createdAt: '2026-12-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewPolicySignature = component(
  'NewCancellationPolicySignature',
  strictObject(
    {
      cancellationPolicyId: Id('The version that was signed.', ids.policy),
      method: OneOf(['paper', 'electronic'] as const, { description: 'How it was signed.' }),
      signedOn: CalendarDate('When it was signed; not in the future.', '2026-11-20'),
    },
    {
      description: 'A signature that the practice has on paper or from elsewhere.',
      examples: [{ cancellationPolicyId: ids.policy, method: 'paper', signedOn: '2026-11-20' }],
    },
  ),
)

export const NewPortalSignature = component(
  'NewPortalPolicySignature',
  strictObject(
    { cancellationPolicyId: Id('The version to sign.', ids.policy) },
    { description: 'The client signs one version.', examples: [{ cancellationPolicyId: ids.policy }] },
  ),
)

export const waiverReasons = [
  'first_time',
  'illness',
  'emergency',
  'weather',
  'practice_error',
  'hardship',
  'other',
] as const

const reasonCode = OneOf(waiverReasons, { description: 'Why, in a word.' })
const note = Text(500, { description: 'For those who may read the appointment in full; kept sealed.' })

export const AppointmentFee = component(
  'AppointmentFee',
  strictObject(
    {
      id: Id('The fee.', ids.fee),
      appointmentId: Id('What was missed.', ids.appointment),
      chartId: Id('Whose chart it is of.', ids.chart),
      cancellationPolicyId: Id('The signed version it follows from.', ids.policy),
      kind: OneOf(['late_cancellation', 'no_show'] as const),
      amount: Money,
      status: OneOf(['due', 'grace', 'waived', 'void'] as const, {
        description:
          '`grace`: one of those that cost nothing. `void`: the appointment took place after all, or was taken up again.',
      }),
      freeUntil: Instant('Until when it could have been canceled for nothing.'),
      occurredAt: Instant('When it was canceled late, or when the session would have begun.'),
      waiver: Nullable(
        strictObject({
          reasonCode: Nullable(reasonCode),
          note: Nullable(note),
          waivedById: Id('Who waived it.', ids.staff),
          waivedAt: Instant('When.'),
        }),
      ),
      version: Version,
      createdAt: Instant('When it was recorded.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'What billing may ask of a client for a missed hour. It is never part of a claim.',
      examples: [
        {
          id: ids.fee,
          appointmentId: ids.appointment,
          chartId: ids.chart,
          cancellationPolicyId: ids.policy,
          kind: 'late_cancellation',
          amount: { amount: 7_500, currency: 'USD' },
          status: 'due',
          freeUntil: '2026-11-21T16:00:00.000Z',
          occurredAt: '2026-11-22T16:00:00.000Z',
          waiver: null,
          version: 1,
          createdAt: '2026-11-22T16:00:00.000Z',
          updatedAt: '2026-11-22T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewWaiver = component(
  'NewFeeWaiver',
  strictObject(
    { reasonCode, note: Type.Optional(note) },
    { description: 'Why a fee is not asked for.', examples: [{ reasonCode: 'illness' }] },
  ),
)

export const FeeParams = strictObject({ feeId: Id('The fee.', ids.fee) })

export const FeeQuery = strictObject({
  ...PageQuery,
  appointmentId: Type.Optional(Id('Only of this appointment.', ids.appointment)),
  chartId: Type.Optional(Id('Only of this chart.', ids.chart)),
  status: Type.Optional(
    OneOf(['due', 'grace', 'waived', 'void'] as const, { description: 'Only these.', examples: ['due'] }),
  ),
})

export const PolicyQuery = strictObject(PageQuery)
export const SignatureParams = strictObject({ clientId: Id('The client.', ids.client) })
export const SignatureQuery = strictObject(PageQuery)

export const CancellationPolicyPage = listOf('CancellationPolicyPage', CancellationPolicy)
export const PolicySignaturePage = listOf('CancellationPolicySignaturePage', PolicySignature)
export const AppointmentFeePage = listOf('AppointmentFeePage', AppointmentFee)

export type CancellationPolicy = Static<typeof CancellationPolicy>
export type NewCancellationPolicy = Static<typeof NewCancellationPolicy>
export type PolicySignature = Static<typeof PolicySignature>
export type NewPolicySignature = Static<typeof NewPolicySignature>
export type AppointmentFee = Static<typeof AppointmentFee>
export type NewWaiver = Static<typeof NewWaiver>
export type FeeQuery = Static<typeof FeeQuery>
