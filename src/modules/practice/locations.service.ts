import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import * as repository from './locations.repository.ts'
import type { Location, LocationChange, LocationQuery, NewLocation } from './locations.schemas.ts'

/** @throws Problem `not-found` */
export async function getLocation(trx: PracticeTransaction, id: string): Promise<Location> {
  trx.audit({ resourceType: 'location', resourceId: id })
  const row = await repository.findLocation(trx, id)
  if (!row) throw notFound()
  return toLocation(row)
}

export async function listLocations(trx: PracticeTransaction, query: LocationQuery): Promise<Page<Location>> {
  trx.audit({ resourceType: 'location' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor)
  const rows = await repository.listLocations(trx, {
    limit,
    status: filter.status,
    after: after?.[0] as string | undefined,
  })
  return toPage(rows, limit, toLocation, row => trx.cursorAfter(filter, [row.id]))
}

/** @throws Problem `already-exists` when the practice has a location of this name */
export async function createLocation(trx: PracticeTransaction, input: NewLocation): Promise<Location> {
  const row = await repository.insertLocation(trx, {
    name: input.name,
    time_zone: input.timeZone,
    address: input.address ? JSON.stringify(input.address) : null,
    phone: input.phone ?? null,
  })
  trx.audit({ resourceType: 'location', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'location.created', resourceId: row.id, resourceVersion: row.version })
  return toLocation(row)
}

/** @throws Problem `not-found`, `stale-version`, `already-exists` */
export async function changeLocation(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: LocationChange,
): Promise<Location> {
  trx.audit({ resourceType: 'location', resourceId: id, fields: Object.keys(change) })
  const { timeZone, address, ...same } = change
  const changes = { ...same, time_zone: timeZone, address: address && JSON.stringify(address) }
  const changed = await repository.updateLocation(trx, id, version, given(changes))
  const row = await changedOrRefused(changed, () => repository.findLocation(trx, id))
  emit(trx, { type: 'location.updated', resourceId: id, resourceVersion: row.version })
  return toLocation(row)
}

function toLocation(row: repository.LocationRow): Location {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    address: row.address as Location['address'],
    phone: row.phone,
    status: row.status as Location['status'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
