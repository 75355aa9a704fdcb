import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../lib/clock.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { coupleChartId } from '../couples/index.ts'
import { toAppointment } from './appointment.view.ts'
import * as repository from './appointments.repository.ts'
import { assertKeepsCalendarOf, sessionAt, withBuffers } from './appointments.rules.ts'
import type { Appointment, NewAppointment } from './appointments.schemas.ts'
import {
  assertModeFits,
  assertPlaceFitsMode,
  assertServiceFits,
  assertServiceIsOffered,
  assertSupplyTakes,
  peopleIn,
  unknownReference,
  zoneOf,
} from './booking.rules.ts'
import { record } from './changes.repository.ts'
import { reserve } from './reservations.repository.ts'
import { findIndividualChart, findSupply } from './supply.repository.ts'

/**
 * Books a session and takes clinician and room for it, buffers included.
 *
 * @throws Problem `not-permitted` for another clinician's calendar, `unknown-reference`, `invalid-state`
 *   for a closed chart, `invalid-request`, `resource-busy`
 */
export async function bookAppointment(trx: PracticeTransaction, input: NewAppointment): Promise<Appointment> {
  assertKeepsCalendarOf(trx.scope, input.clinicianId)
  const placement = { ...input, locationId: input.locationId ?? null, roomId: input.roomId ?? null }
  assertPlaceFitsMode(placement)
  const [chart, supply] = await Promise.all([openSubject(trx, input), findSupply(trx, placement)])
  assertServiceIsOffered(supply)
  assertServiceFits(supply, chart.kind)
  assertModeFits(supply, input.mode)
  assertSupplyTakes(supply, placement, peopleIn(chart.clientIds))
  const minutes = input.durationMinutes ?? supply.service_duration ?? 0
  const session = sessionAt(input.startsAt, minutes, systemClock.now())
  const [before, after] = [supply.buffer_before ?? 0, supply.buffer_after ?? 0]
  const id = uuidv7()
  // Sent in this order, in one round trip.
  const [row, , shown] = await Promise.all([
    repository.insert(trx, {
      id,
      chart_id: chart.id,
      service_id: input.serviceId,
      clinician_id: input.clinicianId,
      location_id: placement.locationId,
      room_id: placement.roomId,
      mode: input.mode,
      time_zone: zoneOf(placement, supply),
      starts_at: session.startsAt,
      ends_at: session.endsAt,
      buffer_before_minutes: before,
      buffer_after_minutes: after,
    }),
    reserve(trx, id, placement, withBuffers(session, before, after)),
    repository.findVisible(trx, id),
  ])
  if (!shown) throw notFound()
  await record(trx, 'booked', row)
  trx.audit({ resourceType: 'appointment', resourceId: id, fields: Object.keys(input) })
  emit(trx, {
    type: 'appointment.booked',
    resourceId: id,
    resourceVersion: row.version,
    chartId: chart.id,
  })
  return toAppointment(shown)
}

/**
 * The chart the session belongs to, through its door.
 *
 * @throws Problem `unknown-reference` for a client or couple that is not there or may not be seen
 */
async function openSubject(
  trx: PracticeTransaction,
  { clientId, coupleId }: NewAppointment,
): Promise<OpenChart> {
  if ((clientId === undefined) === (coupleId === undefined))
    throw invalidField('', 'one-of', 'Give either `clientId` or `coupleId`.')
  const pointer = clientId === undefined ? '/coupleId' : '/clientId'
  const chartId =
    clientId === undefined
      ? await coupleChartId(trx, coupleId ?? '')
      : await findIndividualChart(trx, clientId)
  if (!chartId) throw unknownReference(pointer)
  try {
    return await openChart(trx, chartId, {
      dataClass: 'administrative',
      permission: 'appointments:write',
      write: true,
    })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference(pointer) : error
  }
}
