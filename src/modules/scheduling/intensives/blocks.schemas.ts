import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { reasonCode } from '../session-fields.schemas.ts'
import { example } from './examples.ts'
import { blockKinds, participantNames } from './intensives.rules.ts'

export const blockStatuses = [
  'planned',
  'booked',
  'delivered',
  'partly_delivered',
  'not_delivered',
  'canceled',
] as const

export const kind = OneOf(blockKinds, {
  description: 'A joint block is of everybody, an individual one of one participant, a staff huddle of none.',
  examples: ['joint'],
})

export const participants = Type.Array(OneOf(participantNames), {
  maxItems: 2,
  uniqueItems: true,
  description: 'Who comes, by their place in the intensive.',
  examples: [['a']],
})

const clinicianIds = Type.Array(Id('Who gives it.', example.clinician), {
  maxItems: limits.scheduling.together,
  uniqueItems: true,
  examples: [[example.clinician]],
})

const roomId = Nullable(Id('A room of the location of the intensive, if one is needed.', example.room))
const startsAt = Instant('When it starts, on a whole minute.', '2026-12-07T17:00:00.000Z')
export const blockMinutes = Type.Integer({
  minimum: 5,
  maximum: 720,
  description: 'How long it is. Blocks have no buffers: plan breaks.',
  examples: [90],
})

export const NewBlock = component(
  'NewIntensiveBlock',
  strictObject(
    {
      kind,
      participants,
      clinicianIds,
      roomId: Type.Optional(roomId),
      startsAt,
      durationMinutes: blockMinutes,
    },
    {
      description: 'A block to plan.',
      examples: [
        {
          kind: 'individual',
          participants: ['a'],
          clinicianIds: [example.clinician],
          roomId: example.room,
          startsAt: '2026-12-07T17:00:00.000Z',
          durationMinutes: 90,
        },
      ],
    },
  ),
)

export const NewPlan = component(
  'NewIntensivePlan',
  strictObject(
    {
      blocks: Type.Array(NewBlock, {
        maxItems: limits.scheduling.intensiveBlocks,
        description:
          'All that is planned and not booked yet; what was planned before and is not here is gone.',
      }),
    },
    {
      description: 'What is planned of an intensive.',
      examples: [
        {
          blocks: [
            {
              kind: 'individual',
              participants: ['a'],
              clinicianIds: [example.clinician],
              roomId: example.room,
              startsAt: '2026-12-07T17:00:00.000Z',
              durationMinutes: 90,
            },
          ],
        },
      ],
    },
  ),
)

export const Block = component(
  'IntensiveBlock',
  strictObject(
    {
      id: Id('The block.', example.block),
      kind,
      participants,
      clinicianIds,
      roomId,
      startsAt,
      endsAt: Instant('When it ends; this instant is no longer part of it.', '2026-12-07T18:30:00.000Z'),
      durationMinutes: blockMinutes,
      localStart: Type.String({
        description: 'The start on the wall clock of the location, with the offset that holds then.',
        examples: ['2026-12-07T09:00:00-08:00'],
      }),
      status: OneOf(blockStatuses, {
        description: 'Only what is `planned` takes nobody’s time; what is `canceled` gave it back.',
      }),
      deliveredMinutes: Nullable(Type.Integer({ description: 'What of it was given.', examples: [90] })),
      undeliveredReason: Nullable(reasonCode),
      shareCents: Nullable(
        Type.Integer({ description: 'What of the price it stands for; null until it is completed.' }),
      ),
      version: Type.Integer({ minimum: 1, description: 'Grows with every change of this block.' }),
    },
    {
      description: 'A block of an intensive.',
      examples: [
        {
          id: example.block,
          kind: 'individual',
          participants: ['a'],
          clinicianIds: [example.clinician],
          roomId: example.room,
          startsAt: '2026-12-07T17:00:00.000Z',
          endsAt: '2026-12-07T18:30:00.000Z',
          durationMinutes: 90,
          localStart: '2026-12-07T09:00:00-08:00',
          status: 'booked',
          deliveredMinutes: null,
          undeliveredReason: null,
          shareCents: null,
          version: 2,
        },
      ],
    },
  ),
)

export type NewBlock = Static<typeof NewBlock>
export type NewPlan = Static<typeof NewPlan>
export type Block = Static<typeof Block>
export type BlockStatus = (typeof blockStatuses)[number]
export const changedFields = { clinicianIds, roomId, startsAt, durationMinutes: blockMinutes }
