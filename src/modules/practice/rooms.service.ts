import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { findLocation } from './locations.repository.ts'
import * as repository from './rooms.repository.ts'
import type { NewRoom, Room, RoomChange, RoomQuery } from './rooms.schemas.ts'
import { toMinutes, toWeeklyHours, type WeeklyMinutes } from './weekly-hours.ts'

/** @throws Problem `not-found` */
export async function getRoom(trx: PracticeTransaction, locationId: string, id: string): Promise<Room> {
  trx.audit({ resourceType: 'room', resourceId: id })
  const row = await repository.findRoom(trx, locationId, id)
  if (!row) throw notFound()
  return toRoom(row)
}

/** @throws Problem `not-found` when there is no such location */
export async function listRooms(
  trx: PracticeTransaction,
  locationId: string,
  query: RoomQuery,
): Promise<Page<Room>> {
  trx.audit({ resourceType: 'room' })
  const { cursor, limit = limits.page.default, status } = query
  const filter = { locationId, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  if (!(await findLocation(trx, locationId))) throw notFound()
  const rows = await repository.listRooms(trx, locationId, { limit, status, after })
  return toPage(rows, limit, toRoom, row => trx.cursorAfter(filter, [row.id]))
}

/**
 * @throws Problem `not-found` when there is no such location, `already-exists` for a name it has already,
 *   `invalid-request` for hours that end before they start
 */
export async function createRoom(
  trx: PracticeTransaction,
  locationId: string,
  input: NewRoom,
): Promise<Room> {
  if (!(await findLocation(trx, locationId))) throw notFound()
  const row = await repository.insertRoom(trx, {
    location_id: locationId,
    name: input.name,
    capacity: input.capacity ?? 2,
    features: input.features ?? [],
    opening_hours: openingColumn(input.openingHours) ?? null,
  })
  trx.audit({ resourceType: 'room', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'room.created', resourceId: row.id, resourceVersion: row.version })
  return toRoom(row)
}

/** @throws Problem `not-found`, `stale-version`, `already-exists`, `invalid-request` */
export async function changeRoom(
  trx: PracticeTransaction,
  locationId: string,
  id: string,
  version: number,
  change: RoomChange,
): Promise<Room> {
  trx.audit({ resourceType: 'room', resourceId: id, fields: Object.keys(change) })
  const { openingHours, ...same } = change
  const changes = given({ ...same, opening_hours: openingColumn(openingHours) })
  const changed = await repository.updateRoom(trx, locationId, id, version, changes)
  const row = await changedOrRefused(changed, () => repository.findRoom(trx, locationId, id))
  emit(trx, { type: 'room.updated', resourceId: id, resourceVersion: row.version })
  return toRoom(row)
}

/** Undefined where nothing is said; null is open at any time. */
const openingColumn = (hours: Room['openingHours'] | undefined) =>
  hours && JSON.stringify(toMinutes(hours, '/openingHours'))

function toRoom(row: repository.RoomRow): Room {
  return {
    id: row.id,
    locationId: row.location_id,
    name: row.name,
    capacity: row.capacity,
    features: row.features,
    openingHours: (row.opening_hours as WeeklyMinutes[] | null)?.map(toWeeklyHours) ?? null,
    status: row.status as Room['status'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
