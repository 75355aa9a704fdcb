import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { encodeToken, hashSecret, newSecret } from '../../../lib/opaque-tokens.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../../lib/problems.ts'
import { openOwnChart } from '../../charts/index.ts'
import { openClient } from '../../clients/index.ts'
import { findStaff } from '../../practice/index.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import * as repository from './feeds.repository.ts'
import type {
  CalendarFeed,
  CalendarFeedQuery,
  NewCalendarFeed,
  NewlyMadeFeed,
  OwnFeedQuery,
} from './feeds.schemas.ts'

/** By which secret scanners recognize a leaked address. */
export const feedPrefix = 'cairn_feed'

/**
 * Makes a feed of a clinician or a client.
 *
 * @throws Problem `invalid-request`, `not-permitted` for another clinician's calendar, `unknown-reference`,
 *   `invalid-state`, `conflict` where there are too many
 */
export async function createFeed(
  trx: PracticeTransaction,
  { staffId, clientId }: NewCalendarFeed,
): Promise<NewlyMadeFeed> {
  trx.audit({ resourceType: 'calendar-feed', fields: ['staffId', 'clientId'] })
  if ((staffId === undefined) === (clientId === undefined))
    throw invalidField('', 'one-of', 'Give either `staffId` or `clientId`.')
  if (staffId !== undefined) await requireClinician(trx, staffId)
  if (clientId !== undefined) await requireClient(trx, clientId)
  return insert(trx, {
    staff_id: staffId ?? null,
    client_id: clientId ?? null,
    entered_by: 'staff',
    recorded_by: trx.scope.actor.staffId,
  })
}

/**
 * The client makes one. Who acts for a client reads at the portal, for as long as they may: an address would outlast
 * that.
 *
 * @throws Problem `not-found`, `not-permitted` for a representative, `conflict` where there are too many
 */
export async function createOwnFeed(trx: PracticeTransaction): Promise<NewlyMadeFeed> {
  trx.audit({ resourceType: 'calendar-feed', fields: ['clientId'] })
  await openOwnChart(trx)
  const { id: client_id, representativeId } = trx.scope.actor
  if (representativeId !== null)
    throw new Problem('not-permitted', { detail: 'Only the client makes a calendar feed.' })
  return insert(trx, { staff_id: null, client_id, entered_by: 'client', recorded_by: null })
}

type Owner = Pick<repository.FeedRow, 'staff_id' | 'client_id' | 'entered_by' | 'recorded_by'>

async function insert(trx: PracticeTransaction, owner: Owner): Promise<NewlyMadeFeed> {
  const secret = newSecret()
  const id = uuidv7()
  // Sent in this order, in one round trip.
  const [row, hasPlace] = await Promise.all([
    repository.insertFeed(trx, { id, secret_hash: hashSecret(secret), ...owner }),
    repository.takeSlot(trx, { id, ...owner }),
  ])
  if (!hasPlace) throw new Problem('conflict', { detail: 'Revoke another address first.' })
  trx.audit({ resourceId: row.id })
  trx.passDoor({ door: 'calendar-feed', id: row.id, need: 'read' })
  emit(trx, { type: 'calendar-feed.created', resourceId: row.id })
  const token = encodeToken(feedPrefix, [trx.practiceId, row.id], secret)
  return { ...toFeed(row), path: `/v1/feeds/${token}/calendar.ics` }
}

/** Oldest first, revoked ones too. @throws Problem `invalid-cursor` */
export async function listFeeds(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: CalendarFeedQuery,
): Promise<Page<CalendarFeed>> {
  trx.audit({ resourceType: 'calendar-feed' })
  const key = trx.cursorKey(filter, cursor)?.[0]
  const after = key === undefined ? undefined : String(key)
  const rows = await repository.listFeeds(trx, filter, { limit, after })
  trx.audit({ clientIds: rows.slice(0, limit).flatMap(row => row.client_id ?? []) })
  return toPage(rows, limit, toFeed, row => trx.cursorAfter(filter, [row.id]))
}

/** The client's own. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnFeeds(
  trx: PracticeTransaction,
  query: OwnFeedQuery,
): Promise<Page<CalendarFeed>> {
  await openOwnChart(trx)
  return listFeeds(trx, { ...query, clientId: trx.scope.actor.id })
}

/** The door to a feed: a replay passes it again. @throws Problem `not-found` */
export async function openFeed(trx: PracticeTransaction, id: string): Promise<repository.FeedRow> {
  trx.audit({ resourceType: 'calendar-feed', resourceId: id })
  const row = await repository.findVisible(trx, id)
  if (!row) throw notFound()
  if (row.client_id) trx.audit({ clientIds: [row.client_id] })
  return row
}

/** For good. @throws Problem `not-found`, also when it is revoked already; `not-permitted`, `invalid-state` */
export async function revokeFeed(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ fields: ['revokedAt'] })
  const row = await openFeed(trx, id)
  if (row.staff_id !== null) assertKeepsCalendarOf(trx.scope, row.staff_id)
  else if (row.client_id !== null) await openClient(trx, row.client_id, { write: true })
  trx.audit({ resourceType: 'calendar-feed', resourceId: id })
  await revoke(trx, row)
}

/** @throws Problem `not-found`, also when it is revoked already */
export async function revokeOwnFeed(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ resourceType: 'calendar-feed', resourceId: id, fields: ['revokedAt'] })
  await openOwnChart(trx)
  await revoke(trx, await openFeed(trx, id))
}

async function revoke(trx: PracticeTransaction, { id }: repository.FeedRow): Promise<void> {
  if (!(await repository.revokeFeed(trx, id))) throw notFound()
  emit(trx, { type: 'calendar-feed.revoked', resourceId: id })
}

/** @throws Problem `not-permitted`, `unknown-reference` */
async function requireClinician(trx: PracticeTransaction, staffId: string): Promise<void> {
  assertKeepsCalendarOf(trx.scope, staffId)
  const staff = await findStaff(trx, staffId)
  if (staff?.status !== 'active' || !staff.roles.includes('clinician')) throw unknownReference('/staffId')
}

/** @throws Problem `unknown-reference`, `invalid-state` for a record that was merged */
async function requireClient(trx: PracticeTransaction, clientId: string): Promise<void> {
  try {
    await openClient(trx, clientId, { write: true })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/clientId') : error
  }
  trx.audit({ resourceType: 'calendar-feed' })
}

const toFeed = (row: repository.FeedRow): CalendarFeed => ({
  id: row.id,
  staffId: row.staff_id,
  clientId: row.client_id,
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
})
