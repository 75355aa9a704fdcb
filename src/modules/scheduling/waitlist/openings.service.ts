import { v7 as uuidv7 } from 'uuid'
import { writeAudit } from '../../../lib/audit.ts'
import { systemClock } from '../../../lib/clock.ts'
import { inPractice } from '../../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emitAll } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { systemScope } from '../../../lib/scope.ts'
import { getPolicies } from '../../practice/index.ts'
import { keepsAllCalendars, wholeMinute } from '../appointments.rules.ts'
import { assertPlaceFitsMode, unknownReference, zoneOf } from '../booking.rules.ts'
import { openGroup } from '../groups/groups.service.ts'
import { findSupply } from '../supply.repository.ts'
import { candidatesFor } from './candidates.ts'
import * as repository from './offers.repository.ts'
import type { NewWaitlistOpening, WaitlistOpening } from './waitlist.schemas.ts'

const minuteMs = 60_000

/**
 * Offers a time or a seat to those who wait, by the hand of the front desk.
 *
 * @throws Problem `not-permitted`, `invalid-request`, `unknown-reference`
 */
export async function openOpening(
  trx: PracticeTransaction,
  input: NewWaitlistOpening,
): Promise<WaitlistOpening> {
  const id = uuidv7()
  trx.audit({ resourceType: 'waitlist-opening', resourceId: id, fields: Object.keys(input) })
  if (!keepsAllCalendars(trx.scope))
    throw new Problem('not-permitted', { detail: 'The front desk offers what is free.' })
  const { groupId, slot } = input
  if ((groupId === undefined) === (slot === undefined))
    throw invalidField('', 'one-of', 'Give either `groupId` or `slot`.')
  const policies = await getPolicies(trx)
  const usual = policies.waitlistOffers === 'first_come' ? 'first_come' : 'in_turn'
  const what = slot ? await slotColumns(trx, slot) : { group_id: await groupIdFor(trx, groupId ?? '') }
  trx.audit({ resourceType: 'waitlist-opening', resourceId: id })
  const row = await repository.insertOpening(trx, {
    id,
    ...what,
    way: input.way ?? usual,
    offer_minutes: input.offerMinutes ?? policies.waitlistOfferMinutes,
  })
  return toOpening(await offerNext(trx, row))
}

/** Makes the next offers of an opening, and ends those whose time is over. It may be done again at any time. */
export async function workOnOpening(house: House, practiceId: string, openingId: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'waitlist-opening'), async trx => {
    const opening = await repository.lockOpening(trx, openingId)
    if (opening?.status !== 'open') return
    trx.audit({ resourceType: 'waitlist-opening', resourceId: openingId, fields: ['offers'] })
    writeAudit(trx, { decision: 'granted' })
    await offerNext(trx, opening)
  })
}

/** While an offer stands nothing happens; where nobody is left to ask, the opening is closed. */
async function offerNext(
  trx: PracticeTransaction,
  opening: repository.OpeningRow,
): Promise<repository.OpeningRow> {
  const { expired, open } = await repository.expireOffers(trx, opening.id)
  emitAll(
    trx,
    expired.map(({ id, version, chart_id }) => ({
      type: 'waitlist-offer.expired' as const,
      resourceId: id,
      resourceVersion: version,
      chartId: chart_id,
    })),
  )
  if (open > 0) return opening
  const most = opening.way === 'in_turn' ? 1 : limits.scheduling.waitlist.atOnce
  const candidates = await candidatesFor(trx, opening, most)
  if (candidates.length === 0) return repository.endOpening(trx, opening.id, 'closed')
  const now = systemClock.now().getTime()
  const until = Math.min(now + opening.offer_minutes * minuteMs, opening.starts_at?.getTime() ?? Infinity)
  await repository.insertOffers(trx, opening, candidates, new Date(until))
  enqueue(trx, 'waitlist-opening', opening.id, { minutes: Math.ceil((until - now) / minuteMs) })
  return opening
}

async function groupIdFor(trx: PracticeTransaction, id: string): Promise<string> {
  const { row } = await openGroup(trx, id, 'read').catch((error: unknown) => {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/groupId') : error
  })
  if (row.capacity <= row.taken) throw new Problem('conflict', { detail: 'No seat of this group is free.' })
  return row.id
}

async function slotColumns(trx: PracticeTransaction, slot: NonNullable<NewWaitlistOpening['slot']>) {
  const { clinicianId, mode, locationId = null, roomId = null } = slot
  const placement = { clinicianId, mode, locationId, roomId }
  assertPlaceFitsMode(placement)
  const startsAt = wholeMinute(slot.startsAt, '/slot/startsAt')
  const endsAt = wholeMinute(slot.endsAt, '/slot/endsAt')
  if (endsAt <= startsAt) throw invalidField('/slot/endsAt', 'range', 'Must be after the start.')
  if (startsAt <= systemClock.now()) throw invalidField('/slot/startsAt', 'range', 'Must be in the future.')
  const supply = await findSupply(trx, { ...placement, serviceId: null })
  if (supply.clinician_status !== 'active') throw unknownReference('/slot/clinicianId', 'inactive')
  if (locationId && supply.location_status !== 'active') throw unknownReference('/slot/locationId', 'closed')
  if (roomId && supply.room_status !== 'active') throw unknownReference('/slot/roomId', 'closed')
  return {
    clinician_id: clinicianId,
    mode,
    location_id: locationId,
    room_id: roomId,
    time_zone: zoneOf(placement, supply),
    starts_at: startsAt,
    ends_at: endsAt,
  }
}

const iso = (time: Date | string | null) => (time === null ? null : new Date(time).toISOString())

export function toOpening(row: repository.OpeningRow | repository.OpeningJson): WaitlistOpening {
  const { clinician_id, mode, time_zone } = row
  const [startsAt, endsAt] = [iso(row.starts_at), iso(row.ends_at)]
  return {
    id: row.id,
    groupId: row.group_id,
    slot:
      clinician_id && time_zone && startsAt && endsAt
        ? {
            clinicianId: clinician_id,
            mode: mode as NonNullable<WaitlistOpening['slot']>['mode'],
            locationId: row.location_id,
            roomId: row.room_id,
            startsAt,
            endsAt,
            timeZone: time_zone,
          }
        : null,
    way: row.way as WaitlistOpening['way'],
    offerMinutes: row.offer_minutes,
    status: row.status as WaitlistOpening['status'],
    createdAt: new Date(row.created_at).toISOString(),
  }
}
