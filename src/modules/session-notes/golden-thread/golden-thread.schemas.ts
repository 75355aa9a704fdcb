import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, strictObject } from '../../../lib/schemas.ts'

const ids = {
  chart: '019c0000-0000-7000-8000-0000000000c1',
  plan: '019c0000-0000-7000-8000-0000000000c7',
  note: '019c0000-0000-7000-8000-0000000000e1',
  author: '019c0000-0000-7000-8000-0000000000b1',
}

export const mostLooseNotes = 100

const Objective = strictObject({
  objectiveKey: Type.String(),
  text: Type.String(),
  notes: Type.Integer({ minimum: 0, description: 'Notes of the period that worked on it.' }),
  lastAddressedOn: Nullable(CalendarDate('The last session that did, also before the period.', '2026-01-05')),
})

const LooseNote = strictObject({
  noteId: Id('The note.', ids.note),
  sessionDate: CalendarDate('The day of the session.', '2026-01-05'),
  authorId: Id('Its author.', ids.author),
})

export const GoldenThread = component(
  'GoldenThread',
  strictObject(
    {
      from: CalendarDate('The first day.', '2025-11-01'),
      to: CalendarDate('The last day.', '2026-01-31'),
      planId: Nullable(Id('The treatment plan in force; null while there is none.', ids.plan)),
      objectives: Type.Array(Objective, { description: 'Of the plan in force, in its order.' }),
      objectivesWithoutNotes: Type.Array(Type.String(), {
        description: 'Keys of those that no note of the period worked on.',
      }),
      notesWithoutObjectives: Type.Array(LooseNote, {
        description: `Signed notes of the period that name no objective, newest first: at most ${mostLooseNotes}.`,
      }),
      notesWithoutObjectivesCount: Type.Integer({ minimum: 0, description: 'How many they are.' }),
    },
    {
      description: 'Whether the plan is worked on, and the work is planned.',
      examples: [
        {
          from: '2025-11-01',
          to: '2026-01-31',
          planId: ids.plan,
          objectives: [
            {
              objectiveKey: 'o1',
              text: 'Six nights of seven hours (fictional)',
              notes: 3,
              lastAddressedOn: '2026-01-05',
            },
            { objectiveKey: 'o2', text: 'One call a week (fictional)', notes: 0, lastAddressedOn: null },
          ],
          objectivesWithoutNotes: ['o2'],
          notesWithoutObjectives: [{ noteId: ids.note, sessionDate: '2026-01-12', authorId: ids.author }],
          notesWithoutObjectivesCount: 1,
        },
      ],
    },
  ),
)

export const GoldenThreadQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; ninety days back when left out.', '2026-08-25')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-11-23')),
})

export const ChartOfThread = strictObject({ chartId: Id('The chart.', ids.chart) })

export type GoldenThread = Static<typeof GoldenThread>
export type GoldenThreadQuery = Static<typeof GoldenThreadQuery>
