import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
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
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { Cancellation } from '../appointments.schemas.ts'
import { by, reasonCode } from '../session-fields.schemas.ts'
import { AftercareTask } from './aftercare.schemas.ts'
import { Block, changedFields } from './blocks.schemas.ts'
import { example } from './examples.ts'
import {
  gateStatuses,
  gates,
  intensiveStatuses,
  overrideReasons,
  participantNames,
  saidStatuses,
} from './intensives.rules.ts'

export const changeKinds = [
  'opened',
  'updated',
  'planned',
  'gate_marked',
  'status_changed',
  'booked',
  'moved',
  'blocks_canceled',
  'canceled',
  'delivered',
  'money_recorded',
] as const

const cents = (description: string, sample: number) =>
  Type.Integer({ minimum: 0, maximum: 100_000_000, description, examples: [sample] })

const note = Text(500, { description: 'For the history only; kept sealed and never shown in lists.' })
const participant = OneOf(participantNames, {
  description: 'A participant, by their place.',
  examples: ['a'],
})
const gate = OneOf(gates, {
  description:
    'Stability, medical, risk and contract are asked of each participant, deposit and estimate of the whole.',
  examples: ['contract'],
})
const overrideReason = OneOf(overrideReasons, {
  description: 'Why it was passed on purpose.',
  examples: ['recorded_elsewhere'],
})

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

export const GateState = component(
  'IntensiveGate',
  strictObject(
    {
      gate,
      participant: Nullable(participant),
      status: OneOf(gateStatuses),
      reasonCode: Nullable(overrideReason),
      note: Nullable(
        Type.String({
          description:
            'What was noted. Of stability, medical and risk only for those who may read clinical data of the chart.',
        }),
      ),
      recordedById: Nullable(Id('Who settled it; null where a payment did.', example.clinician)),
      markedAt: Nullable(Instant('When it was last marked; null for a gate that never was.')),
    },
    {
      description: 'A line of the checklist.',
      examples: [
        {
          gate: 'contract',
          participant: 'a',
          status: 'met',
          reasonCode: null,
          note: null,
          recordedById: example.clinician,
          markedAt: '2026-11-10T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const moneyKinds = [
  'deposit_due',
  'deposit_received',
  'refund_due',
  'refund_paid',
  'forfeited',
  'earned',
  'unearned',
] as const

export const MoneyStep = component(
  'IntensiveMoneyStep',
  strictObject(
    {
      id: Id('This step.', example.money),
      kind: OneOf(moneyKinds, {
        description:
          '`earned` is what of the price was given, `unearned` what was not; `forfeited` is what a client lost by canceling.',
      }),
      amountCents: cents('In US cents.', 200_000),
      currency: Type.Literal('USD'),
      onDate: CalendarDate('The day it is due, or happened.', '2026-11-20'),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'Data for billing. Nothing is charged or paid by it.',
      examples: [
        {
          id: example.money,
          kind: 'deposit_due',
          amountCents: 200_000,
          currency: 'USD',
          onDate: '2026-11-20',
          createdAt: '2026-11-12T17:00:00.000Z',
        },
      ],
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

export const NewGateMark = component(
  'NewIntensiveGateMark',
  strictObject(
    {
      gate,
      participant: Type.Optional(participant),
      status: OneOf(gateStatuses, { examples: ['met'] }),
      reasonCode: Type.Optional(overrideReason),
      note: Type.Optional(note),
    },
    {
      description: 'A mark on the checklist. An override needs its reason.',
      examples: [{ gate: 'contract', participant: 'a', status: 'met', note: 'Signed on paper (fictional).' }],
    },
  ),
)

const despiteOpenGates = component(
  'OpenGatesOverride',
  strictObject(
    { reasonCode: overrideReason, note: Type.Optional(note) },
    {
      description: 'Why the step is taken although gates are open; recorded for each of them.',
      examples: [{ reasonCode: 'urgent', note: 'Begins tomorrow (fictional).' }],
    },
  ),
)

export const NewStatus = component(
  'NewIntensiveStatus',
  strictObject(
    {
      to: OneOf(saidStatuses, { examples: ['screened'] }),
      dueOn: Type.Optional(CalendarDate('With `deposit_due`: until when it is to be paid.', '2026-11-20')),
      undelivered: Type.Optional(reasonCode),
      despiteOpenGates: Type.Optional(despiteOpenGates),
    },
    {
      description:
        'The next step. `completed` needs to know of each block what was given; with `undelivered`, blocks of which nothing is known were not.',
      examples: [{ to: 'screened', despiteOpenGates: { reasonCode: 'recorded_elsewhere' } }],
    },
  ),
)

const blockIds = Type.Array(Id('A block of the intensive.', example.block), {
  minItems: 1,
  maxItems: limits.scheduling.intensiveBlocks,
  uniqueItems: true,
  description: 'Only these; all when left out.',
  examples: [[example.block]],
})

export const NewBooking = component(
  'NewIntensiveBooking',
  strictObject(
    { blockIds: Type.Optional(blockIds), despiteOpenGates: Type.Optional(despiteOpenGates) },
    { description: 'What is to be booked: all that is planned, or some blocks.', examples: [{}] },
  ),
)

const BlockMove = component(
  'IntensiveBlockMove',
  strictObject(
    {
      blockId: Id('The block.', example.block),
      startsAt: Type.Optional(changedFields.startsAt),
      durationMinutes: Type.Optional(changedFields.durationMinutes),
      clinicianIds: Type.Optional(changedFields.clinicianIds),
      roomId: Type.Optional(changedFields.roomId),
    },
    {
      description: 'What is to change of a block; what is left out stays.',
      examples: [{ blockId: example.block, startsAt: '2026-12-08T17:00:00.000Z' }],
    },
  ),
)

export const IntensiveMove = component(
  'IntensiveMove',
  strictObject(
    {
      firstOn: Type.Optional(
        CalendarDate('The new first day: all that is booked moves with it, on the wall clock.', '2026-12-14'),
      ),
      blocks: Type.Optional(
        Type.Array(BlockMove, {
          minItems: 1,
          maxItems: limits.scheduling.intensiveBlocks,
          description: 'Single blocks instead.',
        }),
      ),
      reasonCode: Type.Optional(reasonCode),
      by: Type.Optional(by),
      note: Type.Optional(note),
    },
    {
      description: 'A move in whole (`firstOn`) or by block (`blocks`).',
      examples: [{ firstOn: '2026-12-14', reasonCode: 'travel', by: 'client' }],
    },
  ),
)

export const NewIntensiveCancellation = component(
  'NewIntensiveCancellation',
  strictObject(
    { blockIds: Type.Optional(blockIds), reasonCode, by, note: Type.Optional(note) },
    {
      description: 'The whole, or some blocks.',
      examples: [{ reasonCode: 'illness', by: 'client', note: 'Will call again (fictional).' }],
    },
  ),
)

const Delivery = component(
  'IntensiveDelivery',
  strictObject(
    {
      blockId: Id('The block.', example.block),
      deliveredMinutes: Type.Integer({
        minimum: 0,
        maximum: 720,
        description: 'What of it was given; 0 when it did not take place.',
        examples: [90],
      }),
      reasonCode: Type.Optional(reasonCode),
    },
    {
      description: 'What was given of a block. Less than planned needs a reason.',
      examples: [{ blockId: example.block, deliveredMinutes: 90 }],
    },
  ),
)

export const NewDeliveries = component(
  'NewIntensiveDeliveries',
  strictObject(
    { blocks: Type.Array(Delivery, { minItems: 1, maxItems: limits.scheduling.intensiveBlocks }) },
    {
      description: 'What was given of some blocks.',
      examples: [{ blocks: [{ blockId: example.block, deliveredMinutes: 90 }] }],
    },
  ),
)

export const NewMoneyStep = component(
  'NewIntensiveMoneyStep',
  strictObject(
    {
      kind: OneOf(['deposit_received', 'refund_paid'] as const, { examples: ['deposit_received'] }),
      amountCents: Type.Integer({ minimum: 1, maximum: 100_000_000, examples: [200_000] }),
      onDate: CalendarDate('When; not in the future.', '2026-01-05'),
    },
    {
      description: 'A payment that came in, or went back, elsewhere.',
      examples: [{ kind: 'deposit_received', amountCents: 200_000, onDate: '2026-01-05' }],
    },
  ),
)

const BlockChange = component(
  'IntensiveBlockChange',
  strictObject(
    {
      blockId: Id('The block.', example.block),
      status: Block.properties.status,
      clinicianIds: Block.properties.clinicianIds,
      roomId: Block.properties.roomId,
      startsAt: Block.properties.startsAt,
      endsAt: Block.properties.endsAt,
      deliveredMinutes: Block.properties.deliveredMinutes,
    },
    {
      description: 'What held of a block after a step.',
      examples: [
        {
          blockId: example.block,
          status: 'booked',
          clinicianIds: [example.clinician],
          roomId: example.room,
          startsAt: '2026-12-07T17:00:00.000Z',
          endsAt: '2026-12-07T18:30:00.000Z',
          deliveredMinutes: null,
        },
      ],
    },
  ),
)

export const IntensiveChange = component(
  'IntensiveChange',
  strictObject(
    {
      id: Id('This step.', example.change),
      intensiveVersion: Version,
      kind: OneOf(changeKinds),
      status: OneOf(intensiveStatuses, { description: 'After the step.' }),
      recordedById: Nullable(
        Id('The member of staff who did it; null for an API client.', example.clinician),
      ),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      blocks: Type.Array(BlockChange, { description: 'What held of blocks that it changed.' }),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of an intensive.',
      examples: [
        {
          id: example.change,
          intensiveVersion: 7,
          kind: 'moved',
          status: 'scheduled',
          recordedById: example.clinician,
          reasonCode: 'travel',
          by: 'client',
          note: null,
          blocks: [],
          createdAt: '2026-11-21T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const IntensiveParams = strictObject({ intensiveId: Id('The intensive.', example.intensive) })

export const IntensiveQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(intensiveStatuses, { description: 'Only these.', examples: ['scheduled'] })),
  chartId: Type.Optional(Id('Only of this chart.', example.chart)),
})

export const ChangeQuery = strictObject(PageQuery)
export const IntensivePage = listOf('IntensivePage', IntensiveSummary)
export const IntensiveChangePage = listOf('IntensiveChangePage', IntensiveChange)

export type Intensive = Static<typeof Intensive>
export type IntensiveSummary = Static<typeof IntensiveSummary>
export type NewIntensive = Static<typeof NewIntensive>
export type IntensiveTerms = Static<typeof IntensiveTerms>
export type GateState = Static<typeof GateState>
export type NewGateMark = Static<typeof NewGateMark>
export type NewStatus = Static<typeof NewStatus>
export type NewBooking = Static<typeof NewBooking>
export type OpenGatesOverride = Static<typeof despiteOpenGates>
export type IntensiveMove = Static<typeof IntensiveMove>
export type NewIntensiveCancellation = Static<typeof NewIntensiveCancellation>
export type NewDeliveries = Static<typeof NewDeliveries>
export type NewMoneyStep = Static<typeof NewMoneyStep>
export type MoneyStep = Static<typeof MoneyStep>
export type IntensiveChange = Static<typeof IntensiveChange>
export type IntensiveQuery = Static<typeof IntensiveQuery>
export type ChangeQuery = Static<typeof ChangeQuery>
export type IntensiveChangeKind = (typeof changeKinds)[number]
