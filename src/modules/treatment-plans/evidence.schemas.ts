import { type Static, Type } from 'typebox'
import { CalendarDate, component, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { BehaviorFigures } from '../recovery/index.ts'
import { taskStatuses } from '../task-model/index.ts'
import { progressRatings } from './note-source.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })

export const evidenceExample = {
  tasks: {
    applicable: 3,
    signedOff: 1,
    statuses: [
      { status: 'in_progress' as const, count: 2 },
      { status: 'signed_off' as const, count: 1 },
    ],
  },
  behaviors: [],
  notes: {
    count: 4,
    lastOn: '2026-12-18',
    ratings: [{ rating: 'some' as const, count: 3, lastOn: '2026-12-18' }],
  },
}

export const ObjectiveEvidence = component(
  'ObjectiveEvidence',
  strictObject(
    {
      tasks: strictObject(
        {
          applicable: count('How many there are, those that do not apply left out.'),
          signedOff: count('How many of these are signed off or maintained.'),
          statuses: Type.Array(strictObject({ status: OneOf(taskStatuses), count: count('How many.') })),
        },
        { description: 'The tasks it names, in the journeys of the chart.' },
      ),
      behaviors: Type.Array(BehaviorFigures, {
        description: 'The behaviors it names; empty for everybody but the care team.',
      }),
      notes: strictObject(
        {
          count: count('How many.'),
          lastOn: Nullable(CalendarDate('The day of the last of these sessions.', '2026-12-18')),
          ratings: Type.Array(
            strictObject({
              rating: OneOf(progressRatings),
              count: count('How many gave this rating.'),
              lastOn: CalendarDate('The last day on which one did.', '2026-12-18'),
            }),
            { description: 'How they rated progress, the latest first; those that did not are left out.' },
          ),
        },
        {
          description:
            'The session notes that name it: signed, with no co-signature missing, and not entered in error.',
        },
      ),
    },
    {
      description:
        'What the records that an objective names, and the notes that name it, say of how it goes.',
      examples: [evidenceExample],
    },
  ),
)

export type ObjectiveEvidence = Static<typeof ObjectiveEvidence>
