import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound } from '../../../lib/problems.ts'
import { clockOf, findStaff, minuteOf } from '../../practice/index.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import type { WorkingSpan } from '../slots/free-time.rules.ts'
import * as repository from './working-hours.repository.ts'
import type { NewWorkingHours, WorkingHours, WorkingHoursQuery } from './working-hours.schemas.ts'

/** The versions of somebody's week, the one that begins last first. @throws Problem `not-found` */
export async function listWorkingHours(
  trx: PracticeTransaction,
  staffId: string,
  { cursor, limit = limits.page.default }: WorkingHoursQuery,
): Promise<Page<WorkingHours>> {
  trx.audit({ resourceType: 'working-hours', resourceId: staffId })
  const [effectiveFrom, id] = trx.cursorKey({ staffId }, cursor) ?? []
  const after =
    effectiveFrom === undefined ? undefined : { effectiveFrom: String(effectiveFrom), id: String(id) }
  const [staff, rows] = await Promise.all([
    findStaff(trx, staffId),
    repository.listWorkingHours(trx, staffId, { limit, after }),
  ])
  if (!staff) throw notFound()
  return toPage(rows, limit, toWorkingHours, row =>
    trx.cursorAfter({ staffId }, [row.effective_from, row.id]),
  )
}

/**
 * Adds a version of a clinician's week.
 *
 * @throws Problem `not-permitted` for another clinician's, `not-found`, `invalid-request`, `unknown-reference`
 */
export async function addWorkingHours(
  trx: PracticeTransaction,
  staffId: string,
  input: NewWorkingHours,
): Promise<WorkingHours> {
  trx.audit({ resourceType: 'working-hours', resourceId: staffId })
  assertKeepsCalendarOf(trx.scope, staffId)
  const spans = spansOf(input.hours)
  if (!(await findStaff(trx, staffId))) throw notFound()
  const row = await repository.insertWorkingHours(
    trx,
    {
      id: uuidv7(),
      staff_id: staffId,
      effective_from: input.effectiveFrom,
      most_sessions_per_day: input.mostSessionsPerDay ?? null,
      minimum_notice_minutes: input.minimumNoticeMinutes ?? 0,
      recorded_by: trx.scope.actor.staffId,
    },
    spans,
  )
  trx.audit({ resourceType: 'working-hours', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'working-hours.created', resourceId: row.id })
  return toWorkingHours(row)
}

/** @throws Problem `invalid-request` for times that are none, overlap, or serve nobody */
function spansOf(hours: NewWorkingHours['hours']): WorkingSpan[] {
  const spans = hours.map(({ weekday, startsAt, endsAt, locationId, telehealth }) => ({
    weekday,
    startsMinute: minuteOf(startsAt),
    endsMinute: minuteOf(endsAt),
    locationId,
    telehealth,
  }))
  for (const [index, span] of spans.entries()) {
    const refuse = (field: string, code: string, detail: string) =>
      invalidField(`/hours/${index}/${field}`, code, detail)
    if (span.endsMinute <= span.startsMinute) throw refuse('endsAt', 'range', 'Must be after the start.')
    if (span.locationId === null && !span.telehealth)
      throw refuse('locationId', 'required', 'Hours without telehealth need a location.')
    if (spans.slice(0, index).some(other => overlap(other, span)))
      throw refuse('startsAt', 'overlap', 'Overlaps other hours of this day.')
  }
  return spans
}

const overlap = (a: WorkingSpan, b: WorkingSpan) =>
  a.weekday === b.weekday && a.startsMinute < b.endsMinute && b.startsMinute < a.endsMinute

function toWorkingHours(row: repository.WorkingHoursRow): WorkingHours {
  return {
    id: row.id,
    staffId: row.staff_id,
    effectiveFrom: row.effective_from,
    hours: row.spans.map(({ weekday, startsMinute, endsMinute, locationId, telehealth }) => ({
      weekday,
      startsAt: clockOf(startsMinute),
      endsAt: clockOf(endsMinute),
      locationId,
      telehealth,
    })),
    mostSessionsPerDay: row.most_sessions_per_day,
    minimumNoticeMinutes: row.minimum_notice_minutes,
    recordedById: row.recorded_by,
    createdAt: row.created_at.toISOString(),
  }
}
