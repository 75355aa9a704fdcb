import { sql } from 'kysely'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { placeSession } from '../booking.service.ts'
import { findGroup, type GroupRow, lockGroup } from '../groups/groups.repository.ts'
import { type SeatGround, seatGround, sitDown } from '../groups/members.service.ts'
import { type Counterpart, counterpartsOf } from '../separation/counterparts.ts'
import { findSupply, type Supply } from '../supply.repository.ts'
import { type EntryRow, findEntryOf } from './entries.repository.ts'
import * as repository from './offers.repository.ts'

/** An offer with whom it is to, while nobody else answers one of the same opening. */
export interface Answerable {
  offer: repository.OfferRow
  entry: EntryRow
}

/**
 * The opening is held before its offer is looked at: whoever waited here sees what the one before did. One round trip;
 * the caller asks afterwards who may answer.
 *
 * @param find whose offers count
 */
export async function findAnswerable(
  trx: PracticeTransaction,
  id: string,
  find: typeof repository.findOffer,
): Promise<Answerable | undefined> {
  const [, offer, entry] = await Promise.all([
    repository.lockOpeningOf(trx, id),
    find(trx, id),
    findEntryOf(trx, id),
  ])
  return offer && entry && { offer, entry }
}

/** @throws Problem `stale-version`, `invalid-state` */
export function assertStands({ offer, entry }: Answerable, version: number): void {
  const isOver = offer.expires_at <= systemClock.now()
  const stands = offer.status === 'open' && offer.opening.status === 'open' && entry.status === 'waiting'
  if (!stands || isOver || entry.chart_status !== 'open')
    throw new Problem('invalid-state', { detail: 'This offer stands no more.' })
  atVersion(offer, version)
}

/** What is offered: a seat of a group, or a time of a clinician. */
export const wantedOf = ({ offer: { opening } }: Answerable) => ({
  groupId: opening.group_id,
  clinicianId: opening.clinician_id,
})

/** What accepting leans on. */
export type Ground =
  | { supply: Supply; counterparts: readonly Counterpart[] }
  | { group: GroupRow; seat: SeatGround }

/** One round trip. A group is held until the end of the transaction. @throws Problem `not-found` */
export async function groundOf(trx: PracticeTransaction, { offer, entry }: Answerable): Promise<Ground> {
  const { opening } = offer
  if (opening.group_id === null) {
    const [supply, counterparts] = await Promise.all([
      findSupply(trx, {
        serviceId: entry.service_id,
        clinicianId: opening.clinician_id ?? '',
        locationId: opening.location_id,
        roomId: opening.room_id,
      }),
      counterpartsOf(trx, entry.member_ids),
    ])
    return { supply, counterparts }
  }
  const [, group, seat] = await Promise.all([
    lockGroup(trx, opening.group_id),
    findGroup(trx, opening.group_id),
    seatGround(trx, opening.group_id, sitterOf(entry)),
  ])
  if (!group) throw notFound()
  return { group, seat }
}

/** Each waits for a seat alone. */
const sitterOf = ({ member_ids }: EntryRow) => member_ids[0] ?? ''

/**
 * Books the time or takes the seat, and ends what waits for it, whoever answers.
 *
 * @returns the offer as it is now
 * @throws Problem those of a booking or of joining a group
 */
export async function accept(
  trx: PracticeTransaction,
  { offer, entry }: Answerable,
  ground: Ground,
): Promise<repository.OfferRow> {
  const settle = (booked: { appointment_id: string } | { member_id: string }) =>
    settled(trx, { offer, entry }, booked)
  if ('group' in ground) {
    const { beside } = await sitDown(trx, ground.group, ground.seat, { clientId: sitterOf(entry) }, id =>
      settle({ member_id: id }),
    )
    return beside
  }
  const chart = { id: entry.chart_id, kind: entry.chart_kind, clientIds: entry.member_ids }
  const { beside } = await placeSession(trx, { chart, ...ground }, sessionOf(offer, entry), {
    alongside: ({ id }) => settle({ appointment_id: id }),
  })
  // A booking names the appointment; what was asked for is the offer.
  trx.audit({ resourceType: 'waitlist-offer', resourceId: offer.id })
  return beside
}

/** They wait on, and others have their turn. @returns the offer as it is now */
export async function decline(
  trx: PracticeTransaction,
  { offer }: Pick<Answerable, 'offer'>,
): Promise<repository.OfferRow> {
  const after = await answer(trx, offer, 'declined')
  enqueue(trx, 'waitlist-opening', offer.opening_id)
  return { ...offer, ...after }
}

function sessionOf({ opening }: repository.OfferRow, { service_id }: EntryRow) {
  const { clinician_id, mode, location_id, room_id, starts_at } = opening
  if (!clinician_id || !starts_at || !service_id) throw new Problem('invalid-state')
  return {
    serviceId: service_id,
    clinicianId: clinician_id,
    mode: mode === 'telehealth' ? ('telehealth' as const) : ('in_person' as const),
    locationId: location_id,
    roomId: room_id,
    startsAt: new Date(starts_at).toISOString(),
  }
}

/** Everything that ends with an acceptance. Sent in this order, in one round trip. */
async function settled(
  trx: PracticeTransaction,
  { offer, entry }: Answerable,
  booked: { appointment_id: string } | { member_id: string },
): Promise<repository.OfferRow> {
  const [ended, after, opening] = await Promise.all([
    // First, as by who withdraws an entry: two of them wait in one order.
    changeAtVersion(trx, 'waitlist_entries', entry, {
      ...booked,
      status: 'booked',
      ended_at: sql<Date>`now()`,
    }),
    answer(trx, offer, 'accepted'),
    repository.endOpening(trx, offer.opening_id, 'filled'),
    repository.withdrawOffersOf(trx, { openingId: offer.opening_id }),
  ])
  emit(trx, {
    type: 'waitlist-entry.booked',
    resourceId: entry.id,
    resourceVersion: ended.version,
    chartId: entry.chart_id,
  })
  return { ...offer, ...after, opening: { ...offer.opening, status: opening.status } }
}

async function answer(trx: PracticeTransaction, offer: repository.OfferRow, status: 'accepted' | 'declined') {
  const changes = { status, answered_at: sql<Date>`now()` }
  const after = await changeAtVersion(trx, 'waitlist_offers', offer, changes)
  emit(trx, {
    type: `waitlist-offer.${status}`,
    resourceId: after.id,
    resourceVersion: after.version,
    chartId: offer.chart_id,
  })
  return after
}
