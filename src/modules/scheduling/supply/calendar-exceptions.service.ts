import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import * as repository from './calendar-exceptions.repository.ts'
import { assertKindFits, localTime, periodOf } from './calendar-exceptions.rules.ts'
import type {
  CalendarException,
  CalendarExceptionQuery,
  NewCalendarException,
  NewHoliday,
} from './calendar-exceptions.schemas.ts'

/** By last day. @throws Problem `invalid-cursor` */
export async function listExceptions(
  trx: PracticeTransaction,
  query: CalendarExceptionQuery,
): Promise<Page<CalendarException>> {
  trx.audit({ resourceType: 'calendar-exception' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const [endsOn, id] = trx.cursorKey(filter, cursor) ?? []
  const after = endsOn === undefined ? undefined : { endsOn: String(endsOn), id: String(id) }
  const rows = await repository.listExceptions(trx, filter, { limit, after })
  return toPage(rows, limit, toException, row => trx.cursorAfter(filter, [row.ends_on, row.id]))
}

/** @throws Problem `not-found`, also for one that was withdrawn */
export async function getException(trx: PracticeTransaction, id: string): Promise<CalendarException> {
  return toException(await openException(trx, id))
}

async function openException(trx: PracticeTransaction, id: string): Promise<repository.ExceptionRow> {
  trx.audit({ resourceType: 'calendar-exception', resourceId: id })
  const row = await repository.findException(trx, id)
  if (!row) throw notFound()
  return row
}

/**
 * Time off or extra hours.
 *
 * @throws Problem `not-permitted` for another clinician's, `invalid-request`, `unknown-reference`
 */
export async function addException(
  trx: PracticeTransaction,
  input: NewCalendarException,
): Promise<CalendarException> {
  assertKeepsCalendarOf(trx.scope, input.staffId)
  assertKindFits(input)
  const { kind, staffId, locationId = null, telehealth = false } = input
  const columns = { kind, staff_id: staffId, location_id: locationId, telehealth }
  return add(trx, input, columns)
}

/** @throws Problem `invalid-request`, `unknown-reference` */
export async function addHoliday(trx: PracticeTransaction, input: NewHoliday): Promise<CalendarException> {
  return add(trx, input, { kind: 'holiday', location_id: input.locationId ?? null, name: input.name })
}

async function add(
  trx: PracticeTransaction,
  input: NewCalendarException | NewHoliday,
  columns: Pick<repository.NewException, 'kind' | 'staff_id' | 'location_id' | 'telehealth' | 'name'>,
): Promise<CalendarException> {
  const period = periodOf(input)
  const row = await repository.insertException(trx, {
    ...columns,
    starts_on: period.startsOn,
    starts_minute: period.startsMinute,
    ends_on: period.endsOn,
    ends_minute: period.endsMinute,
    recorded_by: trx.scope.actor.staffId,
  })
  trx.audit({ resourceType: 'calendar-exception', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'calendar-exception.created', resourceId: row.id })
  return toException(row)
}

/** @throws Problem `not-found`, `not-permitted` */
export async function withdrawException(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ fields: ['withdrawnAt'] })
  const row = await openException(trx, id)
  assertKeeps(trx, row.staff_id)
  if (!(await repository.withdrawException(trx, id))) throw notFound()
  emit(trx, { type: 'calendar-exception.withdrawn', resourceId: id })
}

/** Clinicians keep their own calendar; holidays are the practice's. @throws Problem `not-permitted` */
function assertKeeps({ scope }: PracticeTransaction, staffId: string | null): void {
  if (staffId !== null) assertKeepsCalendarOf(scope, staffId)
  else if (!scope.actor.permissions.has('practice:write')) throw new Problem('not-permitted')
}

function toException(row: repository.ExceptionRow): CalendarException {
  return {
    id: row.id,
    kind: row.kind as CalendarException['kind'],
    staffId: row.staff_id,
    locationId: row.location_id,
    telehealth: row.telehealth,
    name: row.name,
    startsAt: localTime(row.starts_on, row.starts_minute),
    endsAt: localTime(row.ends_on, row.ends_minute),
    recordedById: row.recorded_by,
    createdAt: row.created_at.toISOString(),
  }
}
