import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  strictObject,
  Text,
} from '../../lib/schemas.ts'
import { ObjectiveKey } from './content.schemas.ts'
import { standings } from './progress.rules.ts'

const progressId = '019c0000-0000-7000-8000-0000000000a3'
const staffId = '019c0000-0000-7000-8000-0000000000f1'

const fields = {
  occurredOn: CalendarDate('The day it is of; not in the future.', '2026-01-20'),
  value: Nullable(
    Type.Number({ minimum: -1_000_000, maximum: 1_000_000, description: 'In the unit of the objective.' }),
  ),
  standing: Nullable(OneOf(standings)),
  note: Nullable(Text(4_000)),
}
const example = { occurredOn: '2026-01-20', value: 3, standing: 'in_progress' as const, note: null }

export const NewProgress = component(
  'NewObjectiveProgress',
  strictObject(
    {
      ...fields,
      replacesProgressId: Type.Optional(
        Nullable(Id('The entry of this objective that this one corrects; it stays on record.', progressId)),
      ),
    },
    {
      description: 'How an objective goes: a value, a standing, a note, or several of them.',
      examples: [example],
    },
  ),
)

export const Progress = component(
  'ObjectiveProgressEntry',
  strictObject(
    {
      id: Id('The entry.', progressId),
      objectiveKey: ObjectiveKey,
      ...fields,
      replacesProgressId: Nullable(Id('The entry it corrects.', progressId)),
      replacedByProgressId: Nullable(
        Id('The entry that corrects it: then this one does not count.', progressId),
      ),
      recordedById: Id('Who recorded it.', staffId),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'An entry about an objective.',
      examples: [
        {
          id: progressId,
          objectiveKey: 'o1',
          ...example,
          replacesProgressId: null,
          replacedByProgressId: null,
          recordedById: staffId,
          createdAt: '2026-11-20T18:00:00.000Z',
        },
      ],
    },
  ),
)

export const ObjectiveParams = strictObject({
  chartId: Id('The chart.', '019c0000-0000-7000-8000-0000000000b1'),
  planId: Id('The plan.', '019c0000-0000-7000-8000-0000000000a1'),
  objectiveKey: ObjectiveKey,
})
export const ProgressPage = listOf('ObjectiveProgressPage', Progress)

export type NewProgress = Static<typeof NewProgress>
export type Progress = Static<typeof Progress>
