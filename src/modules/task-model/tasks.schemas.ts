import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { JourneyStep } from './history.schemas.ts'
import { JourneyPerformable, performableExample } from './performables.schemas.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { reopenReasons, settableStatuses, taskStatuses } from './tasks.rules.ts'

const Days = (description: string) => Type.Integer({ minimum: 0, description })

const fields = {
  id: Id('The task of this journey.', ids.task),
  key: Type.String({ description: 'As the template calls it.' }),
  number: Nullable(Type.Integer({ description: 'As this edition counts it.' })),
  label: Type.String(),
  sectionKey: Type.String(),
  lifeCompetency: Nullable(Type.String()),
  openPrerequisiteKeys: Type.Array(Type.String(), {
    description: 'What is better done before and is not done. A hint, never a hindrance.',
  }),
  status: OneOf(taskStatuses),
  statusSince: Instant('Since when it has this status.'),
  daysInStatus: Days('Days since then, in the client’s zone.'),
  stuck: Type.Boolean({ description: 'In work, and unchanged for longer than asked for.' }),
  firstStartedAt: Nullable(Instant('When work on it first began.')),
  lastSignedOffAt: Nullable(Instant('When it was last signed off.')),
  signerId: Nullable(Id('Who signed it off last.', ids.staff)),
  reopenCount: Type.Integer({ minimum: 0, description: 'Coming back to a task is part of the work.' }),
  reopenRequestedAt: Nullable(Instant('When the client asked to open it again, and nobody answered yet.')),
  deferredUntil: Nullable(CalendarDate('Until when it rests.', '2027-01-15')),
  deferralOver: Type.Boolean({ description: 'That day has come.' }),
  performables: Type.Array(JourneyPerformable),
  version: Version,
}

export const taskExample = {
  id: ids.task,
  key: 'safe_place',
  number: 1,
  label: 'Make a safe place',
  sectionKey: 'arriving',
  lifeCompetency: 'Can name what is safe and go there.',
  openPrerequisiteKeys: [],
  status: 'in_progress' as const,
  statusSince: when,
  daysInStatus: 3,
  stuck: false,
  firstStartedAt: when,
  lastSignedOffAt: null,
  signerId: null,
  reopenCount: 0,
  reopenRequestedAt: null,
  deferredUntil: null,
  deferralOver: false,
  performables: [performableExample],
  version: 2,
}

export const JourneyTask = component(
  'JourneyTask',
  strictObject(fields, { description: 'A task of a journey.', examples: [taskExample] }),
)

const SignOff = component(
  'JourneySignOff',
  strictObject(
    {
      role: OneOf(['signer', 'cosigner'] as const),
      signerId: Id('The member of staff.', ids.staff),
      credentials: Type.String({ description: 'As they were at that time.' }),
      signedAt: Instant('When.'),
    },
    {
      description: 'A signature under a task.',
      examples: [
        { role: 'signer', signerId: ids.staff, credentials: 'Avery Example, LMFT CA 000001', signedAt: when },
      ],
    },
  ),
)

export const JourneyTaskDetail = component(
  'JourneyTaskDetail',
  strictObject(
    {
      journeyId: Id('The journey.', ids.journey),
      ...fields,
      daysByStatus: Type.Array(strictObject({ status: OneOf(taskStatuses), days: Days('Days in it.') }), {
        description: 'Over its whole time; they add up to the days since it came into the journey.',
      }),
      signOffs: Type.Array(SignOff, { description: 'In the order they were given.' }),
      history: Type.Array(JourneyStep, { description: 'Oldest first.' }),
    },
    {
      description: 'A task with its history.',
      examples: [
        {
          journeyId: ids.journey,
          ...taskExample,
          daysByStatus: [
            { status: 'not_started', days: 2 },
            { status: 'in_progress', days: 3 },
          ],
          signOffs: [],
          history: [],
        },
      ],
    },
  ),
)

const note = (description: string) => Type.Optional(Nullable(Text(5_000, { description })))

export const TaskStatusChange = component(
  'JourneyTaskStatusChange',
  strictObject(
    {
      to: OneOf(settableStatuses),
      note: note(
        'With `returned` it is shown to the client where the journey is released; with `not_applicable` it says why and is required.',
      ),
      deferredUntil: Type.Optional(CalendarDate('With `deferred`: a day to come.', '2099-01-15')),
    },
    {
      description: 'A step that needs no signature.',
      examples: [{ to: 'in_progress', note: 'Begins with the map (fictional).' }],
    },
  ),
)

export const TaskSignOff = component(
  'NewJourneySignOff',
  strictObject(
    {
      note: note('For the record.'),
      overrideReason: note(
        'Why it is signed off although a required performable is not accepted; needed then.',
      ),
    },
    { description: 'A clinician’s signature.', examples: [{ note: 'Shown in session (fictional).' }] },
  ),
)

export const TaskReturn = component(
  'JourneyTaskReturn',
  strictObject(
    { remarks: Text(5_000, { description: 'For the signer.' }) },
    {
      description: 'Why a co-signature is not given.',
      examples: [{ remarks: 'Please look at the second part once more (fictional).' }],
    },
  ),
)

export const TaskReopening = component(
  'JourneyTaskReopening',
  strictObject(
    {
      reason: OneOf(reopenReasons),
      note: note('What came up.'),
      lapseId: Type.Optional(
        Id('With `lapse`: which one, of the same chart. It is shown in the history.', ids.lapse),
      ),
    },
    {
      description: 'Why a task is opened again.',
      examples: [{ reason: 'new_information', note: 'Something new was told (fictional).' }],
    },
  ),
)

export const ReopenRefusal = component(
  'JourneyReopenRefusal',
  strictObject(
    { note: note('Why not now.') },
    { description: 'The answer to a request to reopen.', examples: [{ note: 'We talk first (fictional).' }] },
  ),
)

export const TaskParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
  taskId: Id('The task.', ids.task),
})

export type JourneyTask = Static<typeof JourneyTask>
export type JourneyTaskDetail = Static<typeof JourneyTaskDetail>
export type TaskStatusChange = Static<typeof TaskStatusChange>
export type TaskSignOff = Static<typeof TaskSignOff>
export type TaskReopening = Static<typeof TaskReopening>
