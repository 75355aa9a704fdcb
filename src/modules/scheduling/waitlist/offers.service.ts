import { sql } from 'kysely'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { knockInVain, openChart, toReadChart } from '../../charts/index.ts'
import { bookAppointment } from '../booking.service.ts'
import { useEmergencyFor } from '../groups/groups.service.ts'
import { joinGroup } from '../groups/members.service.ts'
import { type EntryRow, findEntry } from './entries.repository.ts'
import * as repository from './offers.repository.ts'
import { toOpening } from './openings.service.ts'
import type { OfferQuery, WaitlistOffer } from './waitlist.schemas.ts'

const toWrite = { dataClass: 'administrative', permission: 'appointments:write', write: true } as const

/** The door to an offer is that of its entry's chart. @throws Problem `not-found` */
async function openOffer(
  trx: PracticeTransaction,
  id: string,
  need: 'read' | 'write',
): Promise<repository.OfferRow> {
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id })
  const row = await repository.findOffer(trx, id)
  if (!row) return knockInVain(trx)
  await openChart(trx, row.chart_id, need === 'write' ? toWrite : toReadChart)
  return row
}

/** @throws Problem `not-found` */
export const getOffer = async (trx: PracticeTransaction, id: string): Promise<WaitlistOffer> =>
  toOffer(await openOffer(trx, id, 'read'))

/** Newest first. @throws Problem `invalid-cursor` */
export async function listOffers(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: OfferQuery,
): Promise<Page<WaitlistOffer>> {
  trx.audit({ resourceType: 'waitlist-offer' })
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listOffers(trx, filter, { limit, before })
  await useEmergencyFor(trx, rows.slice(0, limit))
  return toPage(rows, limit, toOffer, row => trx.cursorAfter(filter, [row.id]))
}

/**
 * Books what was offered. Of several who accept one opening the first gets it; what somebody else took meanwhile, by
 * whatever way, is refused as by any booking.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, and those of a booking or of joining a group
 */
export async function acceptOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<WaitlistOffer> {
  const { before, entry } = await openForAnswer(trx, id, version)
  const booked = before.opening.group_id
    ? { member_id: await takeSeat(trx, before.opening.group_id, entry) }
    : { appointment_id: await book(trx, before.opening, entry) }
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id, fields: ['status'] })
  await answer(trx, before, 'accepted')
  await repository.endOpening(trx, before.opening_id, 'filled')
  await repository.withdrawOffersOf(trx, { openingId: before.opening_id })
  const ended = { ...booked, status: 'booked', ended_at: sql<Date>`now()` }
  const after = await changeAtVersion(trx, 'waitlist_entries', entry, ended)
  emit(trx, {
    type: 'waitlist-entry.booked',
    resourceId: entry.id,
    resourceVersion: after.version,
    chartId: entry.chart_id,
  })
  return shown(trx, id)
}

/** They wait on, and others have their turn. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function declineOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<WaitlistOffer> {
  const { before } = await openForAnswer(trx, id, version)
  trx.audit({ fields: ['status'] })
  await answer(trx, before, 'declined')
  enqueue(trx, 'waitlist-opening', before.opening_id)
  return shown(trx, id)
}

/** The opening is held before its offer is looked at: whoever waited here sees what the one before did. */
async function openForAnswer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<{ before: repository.OfferRow; entry: EntryRow }> {
  const seen = await openOffer(trx, id, 'write')
  await repository.lockOpening(trx, seen.opening_id)
  const before = await repository.findOffer(trx, id)
  const entry = await findEntry(trx, seen.entry_id)
  if (!before || !entry) throw notFound()
  const isOver = before.expires_at <= systemClock.now()
  if (before.status !== 'open' || before.opening.status !== 'open' || entry.status !== 'waiting' || isOver)
    throw new Problem('invalid-state', { detail: 'This offer stands no more.' })
  return { before: atVersion(before, version), entry }
}

async function answer(
  trx: PracticeTransaction,
  before: repository.OfferRow,
  status: 'accepted' | 'declined',
): Promise<void> {
  const changes = { status, answered_at: sql<Date>`now()` }
  const after = await changeAtVersion(trx, 'waitlist_offers', before, changes)
  emit(trx, {
    type: `waitlist-offer.${status}`,
    resourceId: after.id,
    resourceVersion: after.version,
    chartId: before.chart_id,
  })
}

async function book(
  trx: PracticeTransaction,
  opening: repository.OpeningJson,
  entry: EntryRow,
): Promise<string> {
  const { slot } = toOpening(opening)
  const [clientId = ''] = entry.member_ids
  if (!slot || !entry.service_id) throw new Problem('invalid-state')
  const { id } = await bookAppointment(trx, {
    ...(entry.couple_id ? { coupleId: entry.couple_id } : { clientId }),
    serviceId: entry.service_id,
    clinicianId: slot.clinicianId,
    mode: slot.mode,
    locationId: slot.locationId,
    roomId: slot.roomId,
    startsAt: slot.startsAt,
  })
  return id
}

async function takeSeat(trx: PracticeTransaction, groupId: string, entry: EntryRow): Promise<string> {
  const [clientId = ''] = entry.member_ids
  return (await joinGroup(trx, groupId, { clientId })).id
}

async function shown(trx: PracticeTransaction, id: string): Promise<WaitlistOffer> {
  const row = await repository.findOffer(trx, id)
  if (!row) throw notFound()
  return toOffer(row)
}

const toOffer = (row: repository.OfferRow): WaitlistOffer => ({
  id: row.id,
  waitlistEntryId: row.entry_id,
  opening: toOpening(row.opening),
  status: row.status as WaitlistOffer['status'],
  expiresAt: row.expires_at.toISOString(),
  answeredAt: row.answered_at?.toISOString() ?? null,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
