import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import { noteStatuses } from '../session-notes.rules.ts'

const ids = {
  chart: '019c0000-0000-7000-8000-0000000000c1',
  note: '019c0000-0000-7000-8000-0000000000e1',
}

export const NoteSearch = component(
  'NoteSearch',
  strictObject(
    {
      words: Text(200, {
        description:
          'Whole words, all of which must stand somewhere in the note; in double quotes, words in a row. Case and accents do not matter.',
      }),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 200,
          default: 50,
          description: 'How many notes to look through.',
        }),
      ),
      cursor: PageQuery.cursor,
    },
    {
      description: 'What to look for. It stands in the body, so that no address or log has it.',
      examples: [{ words: 'sleep "wind-down routine"' }],
    },
  ),
)

const exampleHit = {
  noteId: ids.note,
  sessionDate: '2026-01-05',
  status: 'signed' as const,
  places: [{ pointer: '/sections/plan', excerpt: 'Continue the wind-down routine; sleep log next week.' }],
}

export const NoteSearchPage = component(
  'NoteSearchPage',
  strictObject(
    {
      data: Type.Array(
        strictObject({
          noteId: Id('The note.', ids.note),
          sessionDate: CalendarDate('The day of the session.', '2026-01-05'),
          status: OneOf(noteStatuses),
          places: Type.Array(
            strictObject({
              pointer: Type.String({
                description: 'JSON pointer into the note; parts and addenda go by their id.',
              }),
              excerpt: Type.String({ description: 'What stands around it.' }),
            }),
          ),
        }),
        { description: 'Notes that have it, the newest session first.' },
      ),
      searched: Type.Integer({
        minimum: 0,
        description: 'How many notes were looked through for this page.',
      }),
      nextCursor: Nullable(
        Type.String({
          description:
            'Give it as `cursor` to look through older notes; null when there are none. A page may be empty.',
        }),
      ),
    },
    {
      description: 'What was found among the notes that were looked through.',
      examples: [{ data: [exampleHit], searched: 12, nextCursor: null }],
    },
  ),
)

export const ChartOfSearch = strictObject({ chartId: Id('The chart.', ids.chart) })

export type NoteSearch = Static<typeof NoteSearch>
export type NoteSearchPage = Static<typeof NoteSearchPage>
