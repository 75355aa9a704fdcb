import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { CalendarDate, component, Id, OneOf, strictObject } from '../../../lib/schemas.ts'
import { by, note, reasonCode } from '../session-fields.schemas.ts'
import { changedFields } from './blocks.schemas.ts'
import { example } from './examples.ts'
import { despiteOpenGates } from './gates.schemas.ts'
import { saidStatuses } from './intensives.rules.ts'

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

export type NewStatus = Static<typeof NewStatus>
export type NewBooking = Static<typeof NewBooking>
export type IntensiveMove = Static<typeof IntensiveMove>
export type NewIntensiveCancellation = Static<typeof NewIntensiveCancellation>
export type NewDeliveries = Static<typeof NewDeliveries>
