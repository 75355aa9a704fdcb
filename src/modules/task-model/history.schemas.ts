import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { stepKinds } from './journeys.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { reopenReasons } from './tasks.rules.ts'

export const JourneyStep = component(
  'JourneyStep',
  strictObject(
    {
      kind: OneOf(stepKinds),
      taskId: Nullable(Id('The task it is about.', ids.task)),
      performableId: Nullable(Id('The performable it is about.', ids.performable)),
      stageId: Nullable(Id('The stage it is about.', ids.stage)),
      fromStatus: Nullable(Type.String()),
      toStatus: Nullable(Type.String()),
      reason: Nullable(OneOf(reopenReasons)),
      lapseId: Nullable(Id('The lapse for which a task was opened again, where it was named.', ids.lapse)),
      note: Nullable(Type.String({ description: 'Of a restricted performable for the care team only.' })),
      enteredBy: OneOf(['staff', 'client'] as const),
      recordedById: Nullable(Id('The member of staff; null for the client.', ids.staff)),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'A step of a journey or of one of its parts.',
      examples: [
        {
          kind: 'status_changed',
          taskId: ids.task,
          performableId: null,
          stageId: null,
          fromStatus: 'not_started',
          toStatus: 'in_progress',
          reason: null,
          lapseId: null,
          note: null,
          enteredBy: 'staff',
          recordedById: ids.staff,
          createdAt: when,
        },
      ],
    },
  ),
)

export type JourneyStep = Static<typeof JourneyStep>
