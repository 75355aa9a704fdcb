import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { headerKind } from '../header-figures.ts'
import { partKindWords } from '../parts/parts.schemas.ts'
import { rateKeys } from './trends.rules.ts'

const figureKinds = [...partKindWords, headerKind]

const exampleIds = {
  chart: '019c0000-0000-7000-8000-0000000000c1',
  note: '019c0000-0000-7000-8000-0000000000e1',
  part: '019c0000-0000-7000-8000-0000000000a7',
} as const

const Measure = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,59}$',
  description: 'What is counted, by the name that the kind of part gives it.',
  examples: ['activation_peak'],
})

const subject = (description: string) => Id(description, '019c0000-0000-7000-8000-000000002001')
const day = { from: '2026-01-01', to: '2026-01-31' }

const Series = component(
  'NoteTrendSeries',
  strictObject(
    {
      partKind: OneOf(figureKinds, { description: '`header` for what the header says.' }),
      measure: Measure,
      subjectId: Nullable(subject('What it is about: a protocol, a target, a partner.')),
      summary: strictObject(
        {
          first: Type.Number(),
          last: Type.Number(),
          change: Type.Number({ description: 'From the first to the last.' }),
          mean: Type.Number(),
          min: Type.Number(),
          max: Type.Number(),
          slopePerSession: Nullable(
            Type.Number({
              description: 'The rise from one value to the next, by least squares; null for less than two.',
            }),
          ),
        },
        { description: 'Of the points that are shown; two decimals, the slope four.' },
      ),
      points: Type.Array(
        strictObject({
          noteId: Id('The note.', exampleIds.note),
          partId: Id('Its part; of the header, the note.', exampleIds.part),
          sessionDate: CalendarDate('The day of the session.', '2026-01-05'),
          value: Type.Number(),
        }),
        { description: 'Oldest first; a session with several such parts has a point for each.' },
      ),
    },
    {
      description: 'One measure over the sessions of a chart.',
      examples: [
        {
          partKind: 'somatic',
          measure: 'activation_peak',
          subjectId: null,
          summary: { first: 8, last: 5, change: -3, mean: 6.5, min: 5, max: 8, slopePerSession: -3 },
          points: [
            { noteId: exampleIds.note, partId: exampleIds.part, sessionDate: '2026-01-05', value: 8 },
            { noteId: exampleIds.note, partId: exampleIds.part, sessionDate: '2026-01-12', value: 5 },
          ],
        },
      ],
    },
  ),
)

export const NoteTrends = component(
  'NoteTrends',
  strictObject(
    {
      from: CalendarDate('The first day.', day.from),
      to: CalendarDate('The last day.', day.to),
      truncated: Type.Boolean({
        description: `There are older sessions in the range than those shown: at most ${limits.noteTrends.notes} are.`,
      }),
      attendance: strictObject(
        {
          attended: Type.Integer({ minimum: 0, description: 'Present or late.' }),
          missed: Type.Integer({ minimum: 0, description: 'Absent, having said so or not.' }),
          rate: Nullable(
            Type.Number({ description: 'Attended, of attended and missed; null where there was neither.' }),
          ),
        },
        { description: 'Of the range, as `attendance` of the chart counts it.' },
      ),
      rates: Type.Array(
        strictObject({
          rate: OneOf(rateKeys),
          value: Type.Number({ minimum: 0, description: 'From 0 to 1.' }),
          of: Type.Number({ minimum: 0, description: 'Of how many: sessions, days, links or agreements.' }),
        }),
        { description: 'What there was anything to count for, over all sessions that are shown.' },
      ),
      data: Type.Array(Series, { description: 'By kind of part, measure and what it is about.' }),
      nextCursor: Type.Null({ description: 'Always: all series stand on one page.' }),
    },
    {
      description: 'The numbers of the signed notes of a chart, over time.',
      examples: [
        {
          ...day,
          truncated: false,
          attendance: { attended: 4, missed: 1, rate: 0.8 },
          rates: [{ rate: 'over_activated_sessions', value: 0.5, of: 2 }],
          nextCursor: null,
          data: [(Series as { examples?: unknown[] }).examples?.[0]],
        },
      ],
    },
  ),
)

export const NoteTrendQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; a year back when left out.', '2025-11-24')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-11-23')),
  partKind: Type.Optional(
    OneOf(figureKinds, { description: 'Only of these parts, or of the header.', examples: ['somatic'] }),
  ),
  measure: Type.Optional(Measure),
  subjectId: Type.Optional(subject('Only about this protocol, target or partner.')),
})

export const ChartParams = strictObject({ chartId: Id('The chart.', exampleIds.chart) })

export type NoteTrends = Static<typeof NoteTrends>
export type NoteTrendQuery = Static<typeof NoteTrendQuery>
