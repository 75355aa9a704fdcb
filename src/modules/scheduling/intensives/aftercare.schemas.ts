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
} from '../../../lib/schemas.ts'
import { example } from './examples.ts'
import { participantNames } from './intensives.rules.ts'

export const taskKinds = [
  'check_in_call',
  'follow_up_session',
  'follow_up_series',
  'assessment',
  'summary',
  'referral',
  'support_group',
  'other',
] as const

const participant = OneOf(participantNames, {
  description: 'For whom; for all when left out.',
  examples: ['a'],
})
const dueOn = CalendarDate('Until when it is to be done.', '2026-12-23')
const note = Text(500, { description: 'What it is about; kept sealed.' })
const seriesId = Id('With `follow_up_series`: the series that was booked for it.', example.series)

export const AftercareTask = component(
  'AftercareTask',
  strictObject(
    {
      id: Id('The task.', example.task),
      kind: OneOf(taskKinds),
      participant: Nullable(participant),
      dueOn,
      note: Nullable(note),
      status: OneOf(['open', 'done', 'dropped'] as const),
      seriesId: Nullable(seriesId),
      settledAt: Nullable(Instant('When it was done or dropped.')),
      version: Version,
    },
    {
      description: 'Something to do after an intensive.',
      examples: [
        {
          id: example.task,
          kind: 'check_in_call',
          participant: 'a',
          dueOn: '2026-12-23',
          note: 'Ask how the evenings go (fictional).',
          status: 'open',
          seriesId: null,
          settledAt: null,
          version: 1,
        },
      ],
    },
  ),
)

export const NewAftercareTask = component(
  'NewAftercareTask',
  strictObject(
    {
      kind: OneOf(taskKinds, { examples: ['check_in_call'] }),
      participant: Type.Optional(participant),
      dueOn,
      note: Type.Optional(note),
    },
    {
      description: 'A task to plan.',
      examples: [
        { kind: 'check_in_call', dueOn: '2026-12-23', note: 'Ask how the evenings go (fictional).' },
      ],
    },
  ),
)

export const AftercareTaskChange = component(
  'AftercareTaskChange',
  strictObject(
    {
      status: Type.Optional(OneOf(['done', 'dropped'] as const, { examples: ['done'] })),
      dueOn: Type.Optional(dueOn),
      seriesId: Type.Optional(seriesId),
    },
    {
      minProperties: 1,
      description: 'What is to change; what is left out stays.',
      examples: [{ status: 'done' }],
    },
  ),
)

export const AftercareTaskParams = strictObject({
  intensiveId: Id('The intensive.', example.intensive),
  aftercareTaskId: Id('The task.', example.task),
})

export type AftercareTask = Static<typeof AftercareTask>
export type NewAftercareTask = Static<typeof NewAftercareTask>
export type AftercareTaskChange = Static<typeof AftercareTaskChange>
