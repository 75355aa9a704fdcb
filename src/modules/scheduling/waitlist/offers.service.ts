import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { knockInVain, openChart, toReadChart } from '../../charts/index.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import { openGroup, useEmergencyFor } from '../groups/groups.service.ts'
import { askForReason } from '../separation/one-clinician.ts'
import { accept, assertStands, decline, findAnswerable, groundOf, wantedOf } from './answers.ts'
import * as repository from './offers.repository.ts'
import { toOpening } from './openings.service.ts'
import type { OfferQuery, WaitlistOffer } from './waitlist.schemas.ts'

const toWrite = { dataClass: 'administrative', permission: 'appointments:write', write: true } as const

/** The door to an offer is that of its entry's chart. @throws Problem `not-found` */
export async function getOffer(trx: PracticeTransaction, id: string): Promise<WaitlistOffer> {
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id })
  const row = await repository.findOffer(trx, id)
  if (!row) return knockInVain(trx)
  await openChart(trx, row.chart_id, toReadChart)
  return toOffer(row)
}

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
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, and those of a booking or of joining a
 *   group
 */
export async function acceptOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<WaitlistOffer> {
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id, fields: ['status'] })
  const found = await findAnswerable(trx, id, repository.findOffer)
  if (!found) return knockInVain(trx)
  const { groupId, clinicianId } = wantedOf(found)
  const [ground, chart] = await Promise.all([
    groundOf(trx, found),
    openChart(trx, found.entry.chart_id, toWrite),
    groupId === null ? undefined : openGroup(trx, groupId, 'write'),
  ])
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id })
  if (clinicianId !== null) assertKeepsCalendarOf(trx.scope, clinicianId)
  assertStands(found, version)
  if (clinicianId !== null) await askForReason(trx, chart, { clinicianId })
  return toOffer(await accept(trx, found, ground))
}

/** They wait on, and others have their turn. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function declineOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<WaitlistOffer> {
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id, fields: ['status'] })
  const found = await findAnswerable(trx, id, repository.findOffer)
  if (!found) return knockInVain(trx)
  await openChart(trx, found.entry.chart_id, toWrite)
  assertStands(found, version)
  return toOffer(await decline(trx, found))
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
