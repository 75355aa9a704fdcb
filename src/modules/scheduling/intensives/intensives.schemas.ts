import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { Cancellation } from '../appointments.schemas.ts'
import { AftercareTask } from './aftercare.schemas.ts'
import { Block } from './blocks.schemas.ts'
import { example } from './examples.ts'
import { GateState, participant } from './gates.schemas.ts'
import { intensiveStatuses } from './intensives.rules.ts'
import { cents, MoneyStep } from './money.schemas.ts'

const RefundStep = component(
  'IntensiveRefundStep',
  strictObject(
    {
      daysBefore: Type.Integer({ minimum: 0, maximum: 365, examples: [30] }),
      percent: Type.Integer({ minimum: 0, maximum: 100, examples: [100] }),
    },
    {
      description:
        'When it is canceled at least so many days before its first day, so much of what was paid goes back.',
      examples: [{ daysBefore: 30, percent: 100 }],
    },
  ),
)

const terms = {
  leadStaffId: Nullable(Id('Who leads it.', example.clinician)),
  locationId: Id('Where it is held. Intensives are held in person, in one place.', example.location),
  priceCents: cents('What all of it costs.', 900_000),
  depositCents: cents('What of it is paid beforehand.', 200_000),
  refunds: Type.Array(RefundStep, {
    maxItems: 6,
    description: 'What goes back when the client cancels; nothing where no step applies.',
    examples: [[{ daysBefore: 30, percent: 100 }]],
  }),
}

const summary = {
  id: Id('The intensive.', example.intensive),
  chartId: Id('The chart it belongs to, of a client or of a couple.', example.chart),
  clientId: Nullable(Id('The client; null for a couple.', example.client)),
  coupleId: Nullable(Id('The couple; null for one client.', example.couple)),
  serviceId: Id('What is given.', example.service),
  leadStaffId: terms.leadStaffId,
  locationId: terms.locationId,
  timeZone: TimeZone('The zone of the location.'),
  status: OneOf(intensiveStatuses),
  startsAt: Nullable(
    Instant('When the first block starts; null before anything is booked.', '2026-12-07T17:00:00.000Z'),
  ),
  endsAt: Nullable(Instant('When the last block ends.', '2026-12-09T23:00:00.000Z')),
  version: Version,
  createdAt: Instant('When it was opened.'),
  updatedAt: Instant('When it last changed.'),
}

const summaryExample = {
  id: example.intensive,
  chartId: example.chart,
  clientId: null,
  coupleId: example.couple,
  serviceId: example.service,
  leadStaffId: example.clinician,
  locationId: example.location,
  timeZone: 'America/Los_Angeles',
  status: 'scheduled',
  startsAt: '2026-12-07T17:00:00.000Z',
  endsAt: '2026-12-07T18:30:00.000Z',
  version: 9,
  createdAt: '2026-11-01T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
}

export const IntensiveSummary = component(
  'IntensiveSummary',
  strictObject(summary, { description: 'An intensive, as lists show it.', examples: [summaryExample] }),
)

export const IntensiveParticipant = component(
  'IntensiveParticipant',
  strictObject(
    { participant, clientId: Id('Who that is.', example.client) },
    {
      description: 'A participant of an intensive.',
      examples: [{ participant: 'a', clientId: example.client }],
    },
  ),
)

export const Intensive = component(
  'Intensive',
  strictObject(
    {
      ...summary,
      participants: Type.Array(IntensiveParticipant, {
        description: 'Empty for callers who may not know the clients of a couple.',
      }),
      priceCents: terms.priceCents,
      depositCents: terms.depositCents,
      currency: Type.Literal('USD'),
      refunds: terms.refunds,
      cancellation: Nullable(Cancellation),
      gates: Type.Array(GateState, { description: 'The checklist. Empty for billers.' }),
      blocks: Type.Array(Block, { description: 'By start. Empty for billers.' }),
      money: Type.Array(MoneyStep, { description: 'Oldest first.' }),
      aftercareTasks: Type.Array(AftercareTask, { description: 'By due date. Empty for billers.' }),
    },
    {
      description: 'Some days of blocks for a client or a couple, booked as one.',
      examples: [
        {
          ...summaryExample,
          participants: [{ participant: 'a', clientId: example.client }],
          priceCents: 900_000,
          depositCents: 200_000,
          currency: 'USD',
          refunds: [{ daysBefore: 30, percent: 100 }],
          cancellation: null,
          gates: [],
          blocks: [],
          money: [],
          aftercareTasks: [],
        },
      ],
    },
  ),
)

export const NewIntensive = component(
  'NewIntensive',
  strictObject(
    {
      clientId: Type.Optional(Id('The client. Give this or `coupleId`.', example.client)),
      coupleId: Type.Optional(Id('The couple. Give this or `clientId`.', example.couple)),
      serviceId: Id('A service of kind `intensive`.', example.service),
      leadStaffId: Type.Optional(terms.leadStaffId),
      locationId: terms.locationId,
      priceCents: terms.priceCents,
      depositCents: terms.depositCents,
      refunds: Type.Optional(terms.refunds),
    },
    {
      description: 'An inquiry about an intensive.',
      examples: [
        {
          clientId: example.client,
          serviceId: example.service,
          leadStaffId: example.clinician,
          locationId: example.location,
          priceCents: 900_000,
          depositCents: 200_000,
          refunds: [{ daysBefore: 30, percent: 100 }],
        },
      ],
    },
  ),
)

export const IntensiveTerms = component(
  'IntensiveTerms',
  Type.Partial(strictObject(terms), {
    additionalProperties: false,
    minProperties: 1,
    description: 'Terms to change; what is left out stays.',
    examples: [{ depositCents: 150_000 }],
  }),
)

export const IntensiveParams = strictObject({ intensiveId: Id('The intensive.', example.intensive) })

export const IntensiveQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(intensiveStatuses, { description: 'Only these.', examples: ['scheduled'] })),
  chartId: Type.Optional(Id('Only of this chart.', example.chart)),
})

export const IntensivePage = listOf('IntensivePage', IntensiveSummary)

export type Intensive = Static<typeof Intensive>
export type IntensiveSummary = Static<typeof IntensiveSummary>
export type NewIntensive = Static<typeof NewIntensive>
export type IntensiveTerms = Static<typeof IntensiveTerms>
export type IntensiveQuery = Static<typeof IntensiveQuery>
