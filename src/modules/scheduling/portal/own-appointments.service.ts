import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { openOwnChart } from '../../charts/index.ts'
import { assertMayArrive, instant, statusOf, window } from '../appointments.rules.ts'
import { insertOwn, sealedCheckIn, sealedLink } from '../checkin/check-ins.repository.ts'
import type { OwnCheckIn } from '../checkin/check-ins.schemas.ts'
import * as repository from './own-appointments.repository.ts'
import type { OwnAppointment, OwnAppointmentQuery } from './own-appointments.schemas.ts'

/** By start; the client's own and the couple's. @throws Problem `not-found`, `invalid-request`, `invalid-cursor` */
export async function listOwnAppointments(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, from }: OwnAppointmentQuery,
): Promise<Page<OwnAppointment>> {
  trx.audit({ resourceType: 'appointment' })
  const [startsAt, id] = trx.cursorKey({ from }, cursor) ?? []
  const after = startsAt === undefined ? undefined : { startsAt: String(startsAt), id: String(id) }
  const since = from === undefined ? systemClock.now() : instant(from, 'query/from')
  // Sent in this order, in one round trip.
  const [, rows] = await Promise.all([
    openOwnChart(trx),
    repository.listOwn(trx, since, { limit, after }),
    trx.sealer(),
  ])
  return openedPage(
    rows,
    limit,
    each(row => toOwn(trx, row)),
    row => trx.cursorAfter({ from }, [row.starts_at.toISOString(), row.id]),
  )
}

/**
 * The client says where they are. Whether telehealth suits them there is judged by staff.
 *
 * @throws Problem `not-found`, `invalid-state` in person, too early, or when it is over or canceled
 */
export async function checkInMyself(
  trx: PracticeTransaction,
  id: string,
  { isPrivate, ...content }: OwnCheckIn,
): Promise<OwnAppointment> {
  trx.audit({
    resourceType: 'appointment',
    resourceId: id,
    fields: ['address', 'emergencyContact', 'isPrivate'],
  })
  const [, row] = await Promise.all([openOwnChart(trx), repository.findOwn(trx, id)])
  if (!row) throw notFound()
  const now = systemClock.now()
  assertMayCheckIn(row, now)
  const checkInId = uuidv7()
  const { actor } = trx.scope
  insertOwn(trx, {
    id: checkInId,
    appointment_id: id,
    client_id: actor.id,
    representative_id: actor.representativeId,
    state: content.address.state,
    is_private: isPrivate,
    content_sealed: await trx.seal(
      sealedCheckIn({ id: checkInId, recorded_by: null }),
      JSON.stringify(content),
    ),
  })
  emit(trx, {
    type: 'appointment.checked-in',
    resourceId: id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
  return toOwn(trx, { ...row, checked_in_at: now })
}

function assertMayCheckIn(row: repository.OwnAppointmentRow, now: Date): void {
  if (row.mode !== 'telehealth')
    throw new Problem('invalid-state', { detail: 'This appointment is held in person.' })
  const isOpen = ['scheduled', 'confirmed', 'arrived', 'in_session'].includes(statusOf(row.status))
  if (!isOpen || row.ends_at <= now) throw new Problem('invalid-state')
  assertMayArrive(row.starts_at, now)
}

async function toOwn(trx: PracticeTransaction, row: repository.OwnAppointmentRow): Promise<OwnAppointment> {
  const isCanceled = ['canceled', 'late_canceled'].includes(row.status)
  const link = isCanceled ? null : row.telehealth_link_sealed
  const opensAt = new Date(row.starts_at.getTime() - window.arrivalHours * 3_600_000)
  return {
    id: row.id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    mode: row.mode as OwnAppointment['mode'],
    locationName: row.location_name,
    address: row.address,
    link: link && (await trx.open(sealedLink(row.id), link)).toString(),
    checkIn:
      row.mode === 'telehealth'
        ? { opensAt: opensAt.toISOString(), checkedInAt: row.checked_in_at?.toISOString() ?? null }
        : null,
    isCanceled,
  }
}
