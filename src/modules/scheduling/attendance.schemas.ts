import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { Override } from './overrides.schemas.ts'
import { exampleIds } from './session-fields.schemas.ts'

export const presences = ['present', 'late', 'left_early', 'absent'] as const

const actualStartsAt = Instant('When the session really started.', '2026-11-23T16:02:00.000Z')

const actualEndsAt = Instant('When the session really ended.', '2026-11-23T16:52:00.000Z')

export const Participant = component(
  'AppointmentParticipant',
  strictObject(
    {
      clientId: Id('A client of the appointment.', exampleIds.client),
      presence: OneOf(presences, { description: 'Whether, and for how much of it, they were there.' }),
    },
    {
      description: 'A client of an appointment, and whether they were there.',
      examples: [{ clientId: exampleIds.client, presence: 'present' }],
    },
  ),
)

const participants = Type.Array(Participant, {
  maxItems: 10,
  description: 'Clients of the appointment, each once. Who is not named was present.',
  examples: [[{ clientId: exampleIds.client, presence: 'present' }]],
})

export const Attendance = component(
  'Attendance',
  strictObject(
    {
      actualStartsAt,
      actualEndsAt: Nullable(actualEndsAt),
      participants: Type.Array(Participant, {
        description: 'Who was there. Empty for callers who may not know the clients of a couple.',
      }),
    },
    {
      description: 'The real start and end of a session; the end is null while it lasts.',
      examples: [
        {
          actualStartsAt: '2026-11-23T16:02:00.000Z',
          actualEndsAt: '2026-11-23T16:52:00.000Z',
          participants: [{ clientId: exampleIds.client, presence: 'present' }],
        },
      ],
    },
  ),
)

export const NewStart = component(
  'NewAppointmentStart',
  strictObject(
    {
      startedAt: Type.Optional(
        Instant('When the session began; now when left out.', '2026-11-23T16:02:00.000Z'),
      ),
      participants: Type.Optional(participants),
      override: Type.Optional(Override),
    },
    {
      description: 'The session begins. Clients who are not named are there.',
      examples: [{ startedAt: '2026-11-23T16:02:00.000Z' }],
    },
  ),
)

export const NewAttendance = component(
  'NewAttendance',
  strictObject(
    {
      actualStartsAt: Type.Optional(actualStartsAt),
      actualEndsAt,
      participants: Type.Optional(participants),
      override: Type.Optional(Override),
    },
    {
      description:
        'The session took place. Its start may be left out where it was recorded before; clients who are not named were present.',
      examples: [{ actualStartsAt: '2026-11-23T16:02:00.000Z', actualEndsAt: '2026-11-23T16:52:00.000Z' }],
    },
  ),
)

export type Attendance = Static<typeof Attendance>
export type NewAttendance = Static<typeof NewAttendance>
export type NewStart = Static<typeof NewStart>
