import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'

const recordId = '019c0000-0000-7000-8000-0000000000b9'
const appointmentId = '019c0000-0000-7000-8000-0000000000d7'
const Count = (description: string) => Type.Integer({ minimum: 0, description })
const Answer = (description: string) => Type.Integer({ minimum: 0, maximum: 10, description })

const Feedback = strictObject({
  recordId: Id('The feedback.', recordId),
  on: CalendarDate('Its day.', '2026-11-20'),
  appointmentId: Nullable(Id('The session it is about, if that was said.', appointmentId)),
  heard: Answer('Felt heard and respected.'),
  aims: Answer('It was about what matters to them.'),
  approach: Answer('The way of working suits them.'),
  overall: Answer('The session was right for them.'),
  mean: Type.Number({ description: 'Of the four.' }),
  pace: Nullable(Type.String({ description: 'How fast it went, if that was said.' })),
  setting: Nullable(Type.String({ description: 'What of the place stood out, if anything.' })),
  enteredBy: OneOf(['staff', 'client'] as const),
})

const exampleFeedback = {
  recordId,
  on: '2026-11-20',
  appointmentId,
  heard: 9,
  aims: 8,
  approach: 7,
  overall: 8,
  mean: 8,
  pace: 'right',
  setting: null,
  enteredBy: 'client' as const,
}

export const Engagement = component(
  'Engagement',
  strictObject(
    {
      today: CalendarDate('Today where the client lives.', '2026-11-23'),
      feedback: Type.Array(Feedback, { description: 'The last 104 of them, oldest first.' }),
      allianceFall: Nullable(
        Type.Number({
          description:
            'By how much the mean of the last feedback is below that of up to three before it, within the window; negative for a rise. Null without any before it.',
        }),
      ),
      readinessFall: Nullable(
        Type.Number({
          description:
            'By how many points readiness about the same addiction fell from one rating to the last one, at most; negative for a rise.',
        }),
      ),
      missedSessions: Count('Sessions within the window that were missed, or canceled late by the client.'),
      months: Type.Array(
        strictObject({
          month: Type.String({ description: 'Year and month.' }),
          attended: Count('Sessions that took place.'),
          noShow: Count('Sessions nobody came to.'),
          lateCanceled: Count('Canceled late by the client.'),
          canceled: Count('Canceled otherwise.'),
        }),
        {
          description:
            'Appointments of this chart over a year, oldest first; months without any are left out.',
        },
      ),
      windowDays: Type.Integer({ description: 'How many days count for the signals.' }),
      signals: Type.Array(OneOf(['missed_sessions', 'alliance_fall', 'readiness_fall'] as const), {
        description: 'What points to the client leaving, by the thresholds of the reference.',
      }),
      atRisk: Type.Boolean({
        description: 'Missed sessions by themselves, or two signals: then the clock raises `dropout_risk`.',
      }),
    },
    {
      description:
        'Whether a client stays: feedback on sessions, attendance, and what points to their leaving.',
      examples: [
        {
          today: '2026-11-23',
          feedback: [exampleFeedback],
          allianceFall: 0.5,
          readinessFall: null,
          missedSessions: 1,
          months: [{ month: '2026-11', attended: 3, noShow: 1, lateCanceled: 0, canceled: 0 }],
          windowDays: 60,
          signals: [],
          atRisk: false,
        },
      ],
    },
  ),
)

export type Engagement = Static<typeof Engagement>
