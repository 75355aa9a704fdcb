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
import { journeyStatuses } from './journeys.rules.ts'
import { performableStatuses } from './performables.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { StageSpan } from './stages.schemas.ts'
import { taskStatuses } from './tasks.rules.ts'
import { evidenceTypes } from './templates.rules.ts'

const Count = (description: string) => Type.Integer({ minimum: 0, description })

const head = {
  id: Id('The journey.', ids.journey),
  title: Type.String({ description: 'Of the program.' }),
  status: OneOf(journeyStatuses),
  startedOn: CalendarDate('The first day.', '2026-11-02'),
  applicable: Count('Tasks that apply.'),
  done: Count('Signed off or maintained.'),
}

const headExample = {
  id: ids.journey,
  title: 'Our own steps (fictional)',
  status: 'active' as const,
  startedOn: '2026-11-02',
  applicable: 4,
  done: 1,
}

export const PortalJourneySummary = component(
  'PortalJourneySummary',
  strictObject(head, { description: 'A journey of one’s own.', examples: [headExample] }),
)

const Remark = Nullable(Type.String({ description: 'What was written when it was last given back.' }))

const PortalPerformable = strictObject({
  id: Id('The performable.', ids.performable),
  label: Type.String(),
  evidenceType: OneOf(evidenceTypes),
  required: Type.Boolean(),
  status: OneOf(performableStatuses),
  remark: Remark,
  version: Version,
})

export const PortalTask = component(
  'PortalTask',
  strictObject(
    {
      id: Id('The task.', ids.task),
      label: Type.String(),
      sectionLabel: Type.String(),
      lifeCompetency: Nullable(Type.String()),
      status: OneOf(taskStatuses),
      deferredUntil: Nullable(CalendarDate('Until when it rests.', '2027-01-15')),
      reopenRequestedAt: Nullable(Instant('When one asked to open it again, and nobody answered yet.', when)),
      remark: Remark,
      performables: Type.Array(PortalPerformable),
      version: Version,
    },
    {
      description: 'A task of one’s own.',
      examples: [
        {
          id: ids.task,
          label: 'Make a safe place',
          sectionLabel: 'Arriving',
          lifeCompetency: null,
          status: 'returned',
          deferredUntil: null,
          reopenRequestedAt: null,
          remark: 'One more place, please (fictional).',
          performables: [
            {
              id: ids.performable,
              label: 'A map of safe places',
              evidenceType: 'text',
              required: true,
              status: 'drafting',
              remark: null,
              version: 2,
            },
          ],
          version: 3,
        },
      ],
    },
  ),
)

export const PortalJourney = component(
  'PortalJourney',
  strictObject(
    {
      ...head,
      tasks: Type.Array(PortalTask, { description: 'In their usual order; others are fine.' }),
      stages: Type.Array(StageSpan, { description: 'In the order they were entered.' }),
    },
    {
      description: 'A journey of one’s own, with what there is to do.',
      examples: [{ ...headExample, tasks: [], stages: [] }],
    },
  ),
)

const note = Type.Optional(Nullable(Text(5_000, { description: 'A word to the clinician.' })))

export const PortalTaskSubmission = component(
  'PortalTaskSubmission',
  strictObject({ note }, { description: 'That a task is done.', examples: [{ note: 'Done (fictional).' }] }),
)

export const PortalReopenRequest = component(
  'PortalReopenRequest',
  strictObject(
    { note },
    {
      description: 'The wish to open a task again.',
      examples: [{ note: 'Something came up again (fictional).' }],
    },
  ),
)

export const PortalPerformableSubmission = component(
  'PortalPerformableSubmission',
  strictObject(
    {
      evidence: Type.Optional(
        strictObject({
          occurredOn: CalendarDate('The day it was done; not in the future.', '2026-11-20'),
          note: Type.Optional(Nullable(Text(20_000, { description: 'In words; needed for `text`.' }))),
          quantity: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 100_000, description: 'How many; for `count` only.' }),
          ),
        }),
      ),
    },
    {
      description:
        'What was done. Sessions and instruments are recorded by the practice: submit those without evidence.',
      examples: [{ evidence: { occurredOn: '2026-11-20', note: 'Kitchen, library (fictional).' } }],
    },
  ),
)

export const PortalJourneyParams = strictObject({ journeyId: Id('The journey.', ids.journey) })
export const PortalTaskParams = strictObject({
  journeyId: Id('The journey.', ids.journey),
  taskId: Id('The task.', ids.task),
})
export const PortalPerformableParams = strictObject({
  journeyId: Id('The journey.', ids.journey),
  performableId: Id('The performable.', ids.performable),
})
export const PortalJourneyQuery = strictObject(PageQuery)
export const PortalJourneyPage = listOf('PortalJourneyPage', PortalJourneySummary)

export type PortalJourney = Static<typeof PortalJourney>
export type PortalJourneySummary = Static<typeof PortalJourneySummary>
export type PortalTask = Static<typeof PortalTask>
export type PortalPerformableSubmission = Static<typeof PortalPerformableSubmission>
export type PortalJourneyQuery = Static<typeof PortalJourneyQuery>
