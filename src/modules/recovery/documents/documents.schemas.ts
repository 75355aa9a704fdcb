import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Version,
} from '../../../lib/schemas.ts'

/** Ids that the examples of recovery work share. */
export const exampleIds = {
  chart: '019c0000-0000-7000-8000-0000000000a7',
  staff: '019c0000-0000-7000-8000-0000000000f1',
  addiction: '019c0000-0000-7000-8000-000000001301',
  otherAddiction: '019c0000-0000-7000-8000-000000001302',
  interaction: '019c0000-0000-7000-8000-000000001303',
  behavior: '019c0000-0000-7000-8000-000000001304',
  definition: '019c0000-0000-7000-8000-000000001305',
  item: '019c0000-0000-7000-8000-000000001306',
  contract: '019c0000-0000-7000-8000-000000001307',
  trigger: '019c0000-0000-7000-8000-000000001308',
  skill: '019c0000-0000-7000-8000-000000001309',
  urge: '019c0000-0000-7000-8000-00000000130a',
  lapse: '019c0000-0000-7000-8000-00000000130b',
  checkIn: '019c0000-0000-7000-8000-00000000130c',
  cyclePhase: '019c0000-0000-7000-8000-00000000130d',
} as const

export const EnteredBy = OneOf(['staff', 'client'] as const, { description: 'Who entered it.' })
export const RecordedById = Nullable(
  Id('The member of staff who recorded it; null where the client did.', exampleIds.staff),
)

export const exampleInstant = '2026-01-05T18:00:00.000Z'

const entryExample = {
  version: 1,
  status: 'active',
  statusOn: '2026-01-05',
  reason: null,
  recordedById: exampleIds.staff,
  enteredBy: 'staff' as const,
  createdAt: exampleInstant,
}

export const HistoryEntry = component(
  'RecoveryHistoryEntry',
  strictObject(
    {
      version: Version,
      status: Type.String({ description: 'The status from then on.' }),
      statusOn: CalendarDate('Since which day, in the client’s days.', '2026-01-05'),
      reason: Nullable(Type.String({ description: 'Why, where somebody said so.' })),
      recordedById: RecordedById,
      enteredBy: EnteredBy,
      createdAt: Instant('When it was recorded.', exampleInstant),
    },
    {
      description: 'One version of something: who wrote it, and what its status was.',
      examples: [entryExample],
    },
  ),
)
export type HistoryEntry = Static<typeof HistoryEntry>

/** The fields that every document of recovery work has. */
export const headFields = <const S extends readonly string[]>(
  what: string,
  id: string,
  statuses: S,
  statusDescription?: string,
) => ({
  id: Id(what, id),
  chartId: Id('The chart it belongs to.', exampleIds.chart),
  status: OneOf(statuses, statusDescription ? { description: statusDescription } : {}),
  statusOn: CalendarDate('Since which day, in the client’s days.', '2026-01-05'),
  history: Type.Array(HistoryEntry, { description: 'Every version, oldest first.' }),
  version: Version,
  createdAt: Instant('When it was recorded.', exampleInstant),
  updatedAt: Instant('When it last changed.', exampleInstant),
})

export const headExample = <const S extends string>(id: string, status: S) => ({
  id,
  chartId: exampleIds.chart,
  status,
  statusOn: '2026-01-05',
  history: [{ ...entryExample, status }],
  version: 1,
  createdAt: exampleInstant,
  updatedAt: exampleInstant,
})

/** What a change says about a status beside the fields it changes. */
export const statusFields = <const S extends readonly string[]>(statuses: S) => ({
  status: Type.Optional(OneOf(statuses)),
  statusOn: Type.Optional(
    CalendarDate('Since when, not in the future; today when left out. Only with `status`.', '2026-01-08'),
  ),
  reason: Type.Optional(Reason(1_000, { description: 'Why; kept in the history.' })),
})

export const Rating = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 10, description: `${description} 0 to 10.` })

const chartId = Id('The individual chart.', exampleIds.chart)
export const ChartParams = strictObject({ chartId })
export const VersionQuery = strictObject({
  version: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'What an earlier version said. Status and history are those of today.',
      examples: [1],
    }),
  ),
})
/** The parameters of one thing in a chart. */
export const paramsOf = <const N extends string>(name: N, description: string, example: string) =>
  strictObject({ chartId, [name]: Id(description, example) } as { chartId: typeof chartId } & {
    [K in N]: ReturnType<typeof Id>
  })
export const documentQuery = <const S extends readonly string[]>(statuses: S) =>
  strictObject({
    ...PageQuery,
    status: Type.Optional(OneOf(statuses, { description: 'Only these.', examples: [statuses[0]] })),
  })
