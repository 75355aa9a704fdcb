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
  Version,
} from '../../../lib/schemas.ts'
import { by, note, reasonCode } from '../session-fields.schemas.ts'
import { Block } from './blocks.schemas.ts'
import { example } from './examples.ts'
import { intensiveStatuses } from './intensives.rules.ts'

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

export const ChangeQuery = strictObject(PageQuery)

export const IntensiveChangePage = listOf('IntensiveChangePage', IntensiveChange)

export type IntensiveChange = Static<typeof IntensiveChange>
export type ChangeQuery = Static<typeof ChangeQuery>
export type IntensiveChangeKind = (typeof changeKinds)[number]
