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
} from '../../../lib/schemas.ts'
import type { Warning } from './kind.ts'
import { kinds, reasonWords, statuses } from './kinds/index.ts'
import { exampleStaffId, Warnings } from './records.schemas.ts'

const changes = [
  'created',
  'revised',
  'status_changed',
  'reviewed',
  'corrected',
  'released',
  'unreleased',
] as const

/** A step of a record's history. */
export interface RecordChange {
  version: number
  change: (typeof changes)[number]
  status: string
  effectiveOn: string
  content: Record<string, unknown> | null
  reasonKey: string | null
  reason: string | null
  overrideReason: string | null
  warnings: Warning[]
  enteredBy: 'staff' | 'client'
  recordedById: string | null
  createdAt: string
}

export const RecordChange = component(
  'RecoveryRecordChange',
  Type.Unsafe<RecordChange>(
    strictObject(
      {
        version: Version,
        change: OneOf(changes),
        status: OneOf(statuses, { description: 'The status after it.' }),
        effectiveOn: CalendarDate('The day it happened.', '2026-11-20'),
        content: Nullable(
          Type.Union(
            kinds.map(kind => kind.content),
            {
              description: 'What was written; null where a step left the content alone.',
            },
          ),
        ),
        reasonKey: Nullable(OneOf(reasonWords)),
        reason: Nullable(Text(1_000)),
        overrideReason: Nullable(Text(1_000)),
        warnings: Warnings,
        enteredBy: OneOf(['staff', 'client'] as const),
        recordedById: Nullable(Id('The member of staff; null for the client.', exampleStaffId)),
        createdAt: Instant('When it was recorded.'),
      },
      {
        description: 'A step of a record: nothing is overwritten.',
        examples: [
          {
            version: 1,
            change: 'created',
            status: 'identified',
            effectiveOn: '2026-11-20',
            content: kinds[0]?.example ?? null,
            reasonKey: null,
            reason: null,
            overrideReason: null,
            warnings: [],
            enteredBy: 'staff',
            recordedById: exampleStaffId,
            createdAt: '2026-11-20T18:00:00.000Z',
          },
        ],
      },
    ),
  ),
)

export const HistoryQuery = strictObject({ ...PageQuery })

export const RecordChangePage = listOf('RecoveryRecordChangePage', RecordChange)
export type HistoryQuery = Static<typeof HistoryQuery>
