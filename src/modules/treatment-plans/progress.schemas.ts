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
import { ObjectiveKey } from './elements.schemas.ts'
import { evidenceExample, ObjectiveEvidence } from './evidence.schemas.ts'
import { standings } from './progress.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'

export const ObjectiveProgress = component(
  'ObjectiveProgress',
  strictObject(
    {
      objectiveKey: ObjectiveKey,
      standing: OneOf(standings, {
        description: 'As last noted; `in_progress` when anything was noted, `not_started` when nothing was.',
      }),
      current: Nullable(
        strictObject({
          value: Type.Number(),
          on: CalendarDate('The day it is of.', '2026-12-18'),
          source: OneOf(['entry', 'instrument'] as const),
        }),
      ),
      percent: Nullable(
        Type.Integer({
          minimum: -100,
          maximum: 100,
          description:
            'Of the way from baseline to target, whichever is greater. Negative: further from the target than at the start. Null when a number is missing.',
        }),
      ),
      overdue: Type.Boolean({
        description: 'Its day has passed and it is neither met, deferred nor dropped.',
      }),
      evidence: ObjectiveEvidence,
    },
    {
      description: 'How an objective stands.',
      examples: [
        {
          objectiveKey: 'o1',
          standing: 'in_progress',
          current: { value: 3, on: '2026-12-18', source: 'entry' },
          percent: 50,
          overdue: false,
          evidence: evidenceExample,
        },
      ],
    },
  ),
)

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
        Nullable(Id('The entry of this objective that this one corrects; it stays on record.', ids.progress)),
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
      id: Id('The entry.', ids.progress),
      objectiveKey: ObjectiveKey,
      ...fields,
      replacesProgressId: Nullable(Id('The entry it corrects.', ids.progress)),
      replacedByProgressId: Nullable(
        Id('The entry that corrects it: then this one does not count.', ids.progress),
      ),
      recordedById: Id('Who recorded it.', ids.staff),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'An entry about an objective.',
      examples: [
        {
          id: ids.progress,
          objectiveKey: 'o1',
          ...example,
          replacesProgressId: null,
          replacedByProgressId: null,
          recordedById: ids.staff,
          createdAt: when,
        },
      ],
    },
  ),
)

export const ObjectiveParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  planId: Id('The plan.', ids.plan),
  objectiveKey: ObjectiveKey,
})

export const ProgressPage = listOf('ObjectiveProgressPage', Progress)

export type ObjectiveProgress = Static<typeof ObjectiveProgress>
export type NewProgress = Static<typeof NewProgress>
export type Progress = Static<typeof Progress>
