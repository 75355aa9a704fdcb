import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  PageQuery,
  strictObject,
  TimeZone,
} from '../../lib/schemas.ts'
import { ok, operation } from '../../plugins/operations/index.ts'
import { isChartWithin, ownChartOf, useEmergencyForCharts } from '../charts/index.ts'
import { getPolicies } from '../practice/index.ts'
import { chartOfBlock, notedKinds, notedPresence, wordsOf } from '../scheduling/index.ts'

const example = {
  appointmentId: '019c0000-0000-7000-8000-0000000000d1',
  groupMeetingId: null,
  intensiveBlockId: null,
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
      appointmentId: Nullable(Id('The appointment; null for anything else.', example.appointmentId)),
      groupMeetingId: Nullable(
        Id('The meeting of a group; null for anything else.', '019c0000-0000-7000-8000-0000000000d4'),
      ),
      intensiveBlockId: Nullable(
        Id('The block of an intensive; null for anything else.', '019c0000-0000-7000-8000-0000000000b5'),
      ),
      chartId: Id(
        'The chart that lacks the note. Of a meeting: the group’s, for the record of its process, or that of somebody who was there, for their own note. Of a block: the joint chart’s, or that of the one who had it alone.',
        example.chartId,
      ),
      startedAt: Instant('When it really began.', example.startedAt),
      endedAt: Instant('When it really ended.', example.endedAt),
      timeZone: TimeZone('The zone of the session.'),
      overdue: Type.Boolean({ description: 'A note of it would be a late entry by now.' }),
    },
    {
      description: 'A session that took place and has no note of who gave it.',
      examples: [example],
    },
  ),
)

type MissingNote = Static<typeof MissingNote>
const MissingQuery = strictObject(PageQuery)
const need = { dataClass: 'clinical', permission: 'notes:write' } as const

interface MissingRow {
  id: string
  kind: 'appointment' | 'meeting' | 'block'
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
  trx.audit({ chartIds: shown })
  await useEmergencyForCharts(trx, shown, need.dataClass, need.permission)
  const late = Date.now() - lateEntryAfterHours * 3_600_000
  return toPage(
    rows,
    limit,
    row => ({
      appointmentId: row.kind === 'appointment' ? row.id : null,
      groupMeetingId: row.kind === 'meeting' ? row.id : null,
      intensiveBlockId: row.kind === 'block' ? row.id : null,
      chartId: row.chart_id,
      startedAt: row.actual_starts_at.toISOString(),
      endedAt: row.actual_ends_at.toISOString(),
      timeZone: row.time_zone,
      overdue: row.actual_ends_at.getTime() < late,
    }),
    row => trx.cursorAfter({}, [row.starts_at.toISOString(), row.id, row.chart_id]),
  )
}

/**
 * The clinician's attended appointments that no valid note of theirs names, and meetings of groups they led: the process
 * record, whoever of those who led writes it, and the note of each who was there; blocks
 * of intensives they gave of which none of those who gave them has a note. One row more than asked for.
 */
async function findMissing(
  trx: PracticeTransaction,
  staffId: string,
  limit: number,
  after: readonly (string | number)[] | undefined,
): Promise<MissingRow[]> {
  const rest = after
    ? sql`and (m.starts_at, m.id, m.chart_id) > (${after[0]}::timestamptz, ${after[1]}::uuid, ${after[2]}::uuid)`
    : sql``
  // Materialized: the few sessions without a note are looked for first, and only their charts held against the reach.
  // The other way round each session of all the years is held against the whole caseload.
  const { rows } = await sql<MissingRow>`
    with missing as materialized (
      select a.id, 'appointment' as kind, a.chart_id, a.starts_at, a.actual_starts_at, a.actual_ends_at, a.time_zone
      from appointments a
      where a.practice_id = ${trx.practiceId} and a.clinician_id = ${staffId}
        and a.status = any(${wordsOf('completed')})
        and not exists (select from session_notes n where n.practice_id = a.practice_id and n.appointment_id = a.id
          and n.author_id = a.clinician_id and n.status <> 'entered_in_error')
      union all
      select m.id, 'meeting', g.chart_id, m.starts_at, m.actual_starts_at, m.actual_ends_at, m.time_zone
      from group_meetings m join therapy_groups g on g.practice_id = m.practice_id and g.id = m.group_id
      where m.practice_id = ${trx.practiceId} and m.status = 'held' and ${staffId}::uuid = any(m.facilitator_ids)
        and not exists (select from group_session_meetings t where t.practice_id = m.practice_id and t.meeting_id = m.id)
      union all
      select m.id, 'meeting', k.chart_id, m.starts_at, m.actual_starts_at, m.actual_ends_at, m.time_zone
      from group_meetings m
      join group_meeting_attendance a on a.practice_id = m.practice_id and a.meeting_id = m.id
        and ${notedPresence('a.presence')} <> 'absent'
      join therapy_group_members p on p.practice_id = a.practice_id and p.id = a.member_id
      join lateral (select ${ownChartOf(trx, sql`p.client_id`)} as chart_id) k on k.chart_id is not null
      where m.practice_id = ${trx.practiceId} and m.status = 'held' and ${staffId}::uuid = any(m.facilitator_ids)
        and not exists (select from session_note_meetings t
          join session_notes n on n.practice_id = t.practice_id and n.id = t.note_id
          where t.practice_id = m.practice_id and t.meeting_id = m.id and n.chart_id = k.chart_id
            and n.status <> 'entered_in_error')
      union all
      select b.id, 'block', ${chartOfBlock(trx)}, b.starts_at, b.starts_at,
        b.starts_at + make_interval(mins => b.delivered_minutes), i.time_zone
      from intensive_blocks b join intensives i on i.practice_id = b.practice_id and i.id = b.intensive_id
      where b.practice_id = ${trx.practiceId} and b.delivered_minutes > 0 and b.kind = any(${[...notedKinds]}::text[])
        and ${staffId}::uuid = any(b.clinician_ids)
        and not exists (select from session_note_blocks t where t.practice_id = b.practice_id and t.block_id = b.id
          and t.author_id = any(b.clinician_ids)))
    select m.* from missing m where ${isChartWithin(trx, 'm.chart_id', need)} ${rest}
    order by m.starts_at, m.id, m.chart_id limit ${limit + 1}::int`.execute(trx)
  return rows
}

export const missingNotesRoute = operation({
  tag: 'Session notes',
  method: 'GET',
  path: '/v1/missing-session-notes',
  operationId: 'listMissingSessionNotes',
  summary: 'List the sessions that have no note',
  description:
    'Appointments of the signed-in clinician that took place and that no note of theirs names, and meetings of groups they led: each that has no process record, and each who was there and has no note of it in their own chart, and delivered blocks of intensives that nobody who gave them has a note of, where the clinician may write. The longest waiting first.',
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
