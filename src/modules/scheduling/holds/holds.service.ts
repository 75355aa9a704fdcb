import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { assertKeepsCalendarOf, keepsAllCalendars, sessionAt } from '../appointments.rules.ts'
import {
  assertMayBeGiven,
  assertModeFits,
  assertPlaceFitsMode,
  assertServiceFits,
  assertServiceIsOffered,
  assertSupplyTakes,
  peopleIn,
  unknownReference,
  zoneOf,
} from '../booking.rules.ts'
import { type Holder, type Resource, release, reserve } from '../reservations.ts'
import { counterpartsOfSubject } from '../separation/counterparts.ts'
import { keepApart } from '../separation/keep-apart.ts'
import { openSubject } from '../subject.ts'
import { findSupply } from '../supply.repository.ts'
import * as repository from './holds.repository.ts'
import type { NewSlotHold, SlotHold } from './holds.schemas.ts'

const minuteMs = 60_000
const { holdMinutes, holdsPerActor } = limits.scheduling

/**
 * Keeps a slot: takes clinicians, room and clients until the hold ends.
 *
 * @throws Problem `not-permitted`, `unknown-reference`, `invalid-state`, `invalid-request`, `resource-busy`,
 *   `conflict` for an actor who has too many
 */
export async function holdSlot(trx: PracticeTransaction, input: NewSlotHold): Promise<SlotHold> {
  for (const id of input.clinicianIds) assertKeepsCalendarOf(trx.scope, id)
  const [clinicianId = ''] = input.clinicianIds
  const { serviceId, mode, locationId = null, roomId = null } = input
  const placement = { serviceId, clinicianId, mode, locationId, roomId }
  assertPlaceFitsMode(placement)
  const isForSomebody = input.clientId !== undefined || input.coupleId !== undefined
  const [chart, supply, givers, count, counterparts] = await Promise.all([
    isForSomebody ? openSubject(trx, input) : undefined,
    findSupply(trx, placement),
    repository.findGivers(trx, serviceId, input.clinicianIds),
    repository.countHolds(trx),
    isForSomebody ? counterpartsOfSubject(trx, input) : [],
  ])
  assertServiceIsOffered(supply)
  if (chart) assertServiceFits(supply, chart.kind)
  assertModeFits(supply, mode)
  if (givers.length < input.clinicianIds.length) throw unknownReference('/clinicianIds')
  const clientIds = chart?.clientIds ?? []
  assertSupplyTakes(supply, placement, peopleIn(clientIds) + input.clinicianIds.length - 1)
  assertMayBeGiven(supply)
  if (count >= holdsPerActor) throw new Problem('conflict', { detail: 'Release other holds first.' })
  const now = systemClock.now()
  const session = sessionAt(input.startsAt, input.durationMinutes ?? supply.service_duration ?? 0, now)
  if (session.startsAt < now) throw invalidField('/startsAt', 'range', 'Must not be in the past.')
  const expiresAt = new Date(now.getTime() + (input.minutes ?? holdMinutes.default) * minuteMs)
  const holder = { kind: 'hold', id: uuidv7() } as const
  const wanted: Resource[] = [
    ...input.clinicianIds.map(id => ({ kind: 'clinician' as const, id })),
    ...(roomId ? [{ kind: 'room' as const, id: roomId }] : []),
    ...clientIds.map(id => ({ kind: 'client' as const, id })),
  ]
  const buffers = { beforeMinutes: supply.buffer_before ?? 0, afterMinutes: supply.buffer_after ?? 0 }
  await keepApart(trx, counterparts, [{ clientIds, locationId, period: session }], { wanted, holders: [] })
  // Sent in this order, in one round trip.
  const [row] = await Promise.all([
    repository.insertHold(trx, {
      id: holder.id,
      service_id: serviceId,
      clinician_ids: input.clinicianIds,
      mode,
      location_id: locationId,
      room_id: roomId,
      time_zone: zoneOf(placement, supply),
      starts_at: session.startsAt,
      ends_at: session.endsAt,
      expires_at: expiresAt,
      actor_id: trx.scope.actor.id,
    }),
    reserve(trx, holder, wanted, session, { buffers, expiresAt }),
  ])
  trx.passDoor({ door: 'slot-hold', id: row.id, need: 'read' })
  trx.audit({ resourceType: 'slot-hold', resourceId: row.id, fields: Object.keys(input) })
  return toHold(row)
}

/** @throws Problem `not-found` */
export async function getHold(trx: PracticeTransaction, id: string): Promise<SlotHold> {
  return toHold(await openHold(trx, id))
}

/** Gives the slot back. @throws Problem `not-found`, `invalid-state` for a hold that was booked or released before */
export async function releaseHold(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ fields: ['status'] })
  await openHold(trx, id)
  if (!(await repository.endHold(trx, id, 'released'))) throw new Problem('invalid-state')
  release(trx, [{ kind: 'hold', id }])
}

/**
 * Ends a hold for a booking, which reserves in its place (`insteadOf`). What expired may be named too: it is booked if
 * nobody was faster.
 *
 * @throws Problem `unknown-reference` for a hold that is not there or somebody else's, `invalid-state` for one that was
 *   booked or released
 */
export async function takeHold(trx: PracticeTransaction, id: string): Promise<Holder> {
  const row = await repository.findHold(trx, id)
  if (!row || !mayUse(trx, row)) throw unknownReference('/slotHoldId')
  if (!(await repository.endHold(trx, id, 'booked')))
    throw new Problem('invalid-state', { detail: 'This hold was booked or released.' })
  return { kind: 'hold', id }
}

/** The door to a hold: it is of who made it, and of those who keep all calendars. @throws Problem `not-found` */
export async function openHold(trx: PracticeTransaction, id: string): Promise<repository.HoldRow> {
  trx.audit({ resourceType: 'slot-hold', resourceId: id })
  const row = await repository.findHold(trx, id)
  if (!row || !mayUse(trx, row)) throw notFound()
  return row
}

const mayUse = ({ scope }: PracticeTransaction, row: repository.HoldRow) =>
  row.actor_id === scope.actor.id || keepsAllCalendars(scope)

function toHold(row: repository.HoldRow): SlotHold {
  const isExpired = row.status === 'held' && row.expires_at <= systemClock.now()
  return {
    id: row.id,
    serviceId: row.service_id,
    clinicianIds: row.clinician_ids,
    mode: row.mode as SlotHold['mode'],
    locationId: row.location_id,
    roomId: row.room_id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    status: isExpired ? 'expired' : (row.status as SlotHold['status']),
    expiresAt: row.expires_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  }
}
