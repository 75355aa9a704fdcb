import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { component, Id, Instant, listOf, PageQuery, strictObject, TimeZone } from '../../lib/schemas.ts'
import { ok, operation } from '../../plugins/operations/index.ts'
import { isChartWithin, useEmergencyForCharts } from '../charts/index.ts'
import { getPolicies } from '../practice/index.ts'
import { wordsOf } from '../scheduling/index.ts'

const example = {
  appointmentId: '019c0000-0000-7000-8000-0000000000d1',
  chartId: '019c0000-0000-7000-8000-0000000000c1',
  startedAt: '2026-11-23T16:02:00.000Z',
  endedAt: '2026-11-23T16:53:00.000Z',
  timeZone: 'America/Los_Angeles',
  overdue: true,
}

const MissingNote = component(
  'MissingSessionNote',
  strictObject(
    {
      appointmentId: Id('The appointment.', example.appointmentId),
      chartId: Id('The chart.', example.chartId),
      startedAt: Instant('When it really began.', example.startedAt),
      endedAt: Instant('When it really ended.', example.endedAt),
      timeZone: TimeZone('The zone of the session.'),
      overdue: Type.Boolean({ description: 'A note of it would be a late entry by now.' }),
    },
    { description: 'An appointment that took place and has no note of its clinician.', examples: [example] },
  ),
)

type MissingNote = Static<typeof MissingNote>
const MissingQuery = strictObject(PageQuery)
const need = { dataClass: 'clinical', permission: 'notes:write' } as const

interface MissingRow {
  id: string
  chart_id: string
  starts_at: Date
  actual_starts_at: Date
  actual_ends_at: Date
  time_zone: string
}

/** The longest waiting first. @throws Problem `invalid-cursor` */
async function listMissing(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: Static<typeof MissingQuery>,
): Promise<Page<MissingNote>> {
  trx.audit({ resourceType: 'session-note' })
  const after = trx.cursorKey({}, cursor)
  const { staffId } = trx.scope.actor
  const [rows, { lateEntryAfterHours }] = await Promise.all([
    staffId ? findMissing(trx, staffId, limit, after) : [],
    getPolicies(trx),
  ])
  const shown = rows.slice(0, limit).map(row => row.chart_id)
  await useEmergencyForCharts(trx, shown, need.dataClass, need.permission)
  const late = Date.now() - lateEntryAfterHours * 3_600_000
  return toPage(
    rows,
    limit,
    row => ({
      appointmentId: row.id,
      chartId: row.chart_id,
      startedAt: row.actual_starts_at.toISOString(),
      endedAt: row.actual_ends_at.toISOString(),
      timeZone: row.time_zone,
      overdue: row.actual_ends_at.getTime() < late,
    }),
    row => trx.cursorAfter({}, [row.starts_at.toISOString(), row.id]),
  )
}

/** The clinician's attended appointments that no valid note of theirs names. One row more than asked for. */
async function findMissing(
  trx: PracticeTransaction,
  staffId: string,
  limit: number,
  after: readonly (string | number)[] | undefined,
): Promise<MissingRow[]> {
  const rest = after ? sql`and (a.starts_at, a.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``
  // Materialized: the few sessions without a note are looked for first, and only their charts held against the reach.
  // The other way round each session of all the years is held against the whole caseload.
  const { rows } = await sql<MissingRow>`
    with missing as materialized (
      select a.id, a.chart_id, a.starts_at, a.actual_starts_at, a.actual_ends_at, a.time_zone
      from appointments a
      where a.practice_id = ${trx.practiceId} and a.clinician_id = ${staffId}
        and a.status = any(${wordsOf('completed')})
        and not exists (select from session_notes n where n.practice_id = a.practice_id and n.appointment_id = a.id
          and n.author_id = a.clinician_id and n.status <> 'entered_in_error') ${rest})
    select m.* from missing m where ${isChartWithin(trx, 'm.chart_id', need)}
    order by m.starts_at, m.id limit ${limit + 1}::int`.execute(trx)
  return rows
}

export const missingNotesRoute = operation({
  tag: 'Session notes',
  method: 'GET',
  path: '/v1/missing-session-notes',
  operationId: 'listMissingSessionNotes',
  summary: 'List the sessions that have no note',
  description:
    'Appointments of the signed-in clinician that took place and that no note of theirs names, the longest waiting first.',
  permission: 'notes:write',
  query: MissingQuery,
  success: {
    status: 200,
    schema: listOf('MissingSessionNotePage', MissingNote),
    description: 'A page of sessions.',
  },
  problems: ['invalid-cursor'],
  handler: async (trx, { query }) => ok(await listMissing(trx, query)),
})
