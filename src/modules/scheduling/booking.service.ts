import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../lib/clock.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { notFound } from '../../lib/problems.ts'
import type { OpenChart } from '../charts/index.ts'
import { toAppointment } from './appointment.view.ts'
import * as repository from './appointments.repository.ts'
import { assertKeepsCalendarOf, type Period, sessionAt } from './appointments.rules.ts'
import type { BookedAppointment, NewAppointment } from './appointments.schemas.ts'
import {
  assertMayBeGiven,
  assertMayOverbook,
  assertModeFits,
  assertPlaceFitsMode,
  assertPlannedStateFits,
  assertServiceFits,
  assertServiceIsOffered,
  assertSupplyTakes,
  peopleIn,
  resourcesOf,
  zoneOf,
} from './booking.rules.ts'
import { record } from './changes.repository.ts'
import { warningsFor } from './checkin/warnings.ts'
import { takeHold } from './holds/holds.service.ts'
import { settleClashes } from './overbooking.ts'
import { type Holder, reservationsOf, reserveMany } from './reservations.ts'
import { type Counterpart, counterpartsOfSubject } from './separation/counterparts.ts'
import { keepApart } from './separation/keep-apart.ts'
import { askForReason } from './separation/one-clinician.ts'
import { openSubject } from './subject.ts'
import { findSupply, type Supply } from './supply.repository.ts'

/**
 * Books a session and takes clinician, room and clients for it: buffers around clinician and room.
 *
 * @param insteadOf what gives way to it: a hold that the caller has opened
 * @throws Problem `not-permitted` for another clinician's calendar, `unknown-reference`, `invalid-state`
 *   for a closed chart, `invalid-request`, `resource-busy`
 */
export async function bookAppointment(
  trx: PracticeTransaction,
  input: NewAppointment,
  insteadOf: readonly Holder[] = [],
): Promise<BookedAppointment> {
  assertKeepsCalendarOf(trx.scope, input.clinicianId)
  assertMayOverbook(trx.scope, input)
  const placement = { ...input, locationId: input.locationId ?? null, roomId: input.roomId ?? null }
  assertPlaceFitsMode(placement)
  assertPlannedStateFits(input)
  const [chart, supply, counterparts] = await Promise.all([
    openSubject(trx, input),
    findSupply(trx, placement),
    counterpartsOfSubject(trx, input),
  ])
  const { overbooked, beside } = await placeSession(trx, { chart, supply, counterparts }, input, {
    insteadOf,
    alongside: ({ id, session, timeZone }) =>
      Promise.all([
        repository.findVisible(trx, id),
        warningsFor(trx, { ...input, clientIds: chart.clientIds, startsAt: session.startsAt, timeZone }),
        askForReason(trx, chart, input),
      ]),
  })
  const [shown, warnings] = beside
  if (!shown) throw notFound()
  return { ...toAppointment({ ...shown, overbooked }), warnings }
}

/** What a session leans on; whoever asks has passed the door of its chart. */
export interface Ground {
  chart: Pick<OpenChart, 'id' | 'kind' | 'clientIds'>
  supply: Supply
  counterparts: readonly Counterpart[]
}

export interface Placed {
  id: string
  session: Period
  timeZone: string
}

/**
 * Books a session, whoever asks.
 *
 * @param options.insteadOf what gives way to it
 * @param options.alongside what is sent right after it, in the same round trip
 * @throws Problem `unknown-reference`, `invalid-state`, `invalid-request`, `resource-busy`
 */
export async function placeSession<Beside>(
  trx: PracticeTransaction,
  { chart, supply, counterparts }: Ground,
  input: NewAppointment,
  {
    insteadOf = [],
    alongside,
  }: { insteadOf?: readonly Holder[]; alongside: (placed: Placed) => Promise<Beside> },
): Promise<{ overbooked: boolean; beside: Beside }> {
  const placement = { ...input, locationId: input.locationId ?? null, roomId: input.roomId ?? null }
  assertServiceIsOffered(supply)
  assertServiceFits(supply, chart.kind)
  assertModeFits(supply, input.mode)
  assertSupplyTakes(supply, placement, peopleIn(chart.clientIds))
  assertMayBeGiven(supply)
  const minutes = input.durationMinutes ?? supply.service_duration ?? 0
  const session = sessionAt(input.startsAt, minutes, systemClock.now())
  const buffers = { beforeMinutes: supply.buffer_before ?? 0, afterMinutes: supply.buffer_after ?? 0 }
  const id = uuidv7()
  const wanted = resourcesOf(placement, chart.clientIds)
  const rows = reservationsOf({ kind: 'appointment', id }, wanted, session, { buffers })
  const timeZone = zoneOf(placement, supply)
  const held = input.slotHoldId === undefined ? [] : [await takeHold(trx, input.slotHoldId)]
  const givingWay = [...insteadOf, ...held]
  const visit = { clientIds: chart.clientIds, locationId: placement.locationId, period: session }
  await keepApart(trx, counterparts, [visit], { wanted, holders: givingWay })
  // Sent in this order, in one round trip.
  const [row, clashing, beside] = await Promise.all([
    repository.insert(trx, {
      id,
      chart_id: chart.id,
      service_id: input.serviceId,
      clinician_id: input.clinicianId,
      location_id: placement.locationId,
      room_id: placement.roomId,
      mode: input.mode,
      status: 'scheduled',
      planned_state: input.plannedState ?? null,
      time_zone: timeZone,
      starts_at: session.startsAt,
      ends_at: session.endsAt,
      buffer_before_minutes: buffers.beforeMinutes,
      buffer_after_minutes: buffers.afterMinutes,
    }),
    reserveMany(trx, rows, { insteadOf: givingWay }),
    alongside({ id, session, timeZone }),
  ])
  const overbooked = await settleClashes(trx, id, clashing, input.overbook === true)
  await record(trx, 'booked', row, given({ note: input.note }))
  trx.audit({ resourceType: 'appointment', resourceId: id, fields: Object.keys(input) })
  emit(trx, {
    type: 'appointment.booked',
    resourceId: id,
    resourceVersion: row.version,
    chartId: chart.id,
  })
  return { overbooked, beside }
}
