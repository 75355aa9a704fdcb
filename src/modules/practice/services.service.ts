import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, unknownReference } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { areLocations } from './locations.repository.ts'
import * as repository from './services.repository.ts'
import type { NewService, Service, ServiceChange, ServiceQuery } from './services.schemas.ts'

/** @throws Problem `not-found` */
export async function getService(trx: PracticeTransaction, id: string): Promise<Service> {
  trx.audit({ resourceType: 'service', resourceId: id })
  const row = await repository.findService(trx, id)
  if (!row) throw notFound()
  return toService(row)
}

export async function listServices(trx: PracticeTransaction, query: ServiceQuery): Promise<Page<Service>> {
  trx.audit({ resourceType: 'service' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listServices(trx, { ...filter, limit, after })
  return toPage(rows, limit, toService, row => trx.cursorAfter(filter, [row.id]))
}

/** @throws Problem `already-exists` when the practice has a service of this name, `unknown-reference` */
export async function createService(trx: PracticeTransaction, input: NewService): Promise<Service> {
  await requireLocations(trx, input.locationIds)
  const row = await repository.insertService(trx, {
    name: input.name,
    kind: input.kind,
    duration_minutes: input.durationMinutes,
    buffer_before_minutes: input.bufferBeforeMinutes ?? 0,
    buffer_after_minutes: input.bufferAfterMinutes ?? 0,
    modes: input.modes,
    default_code: input.defaultCode ?? null,
    ...feeColumns(input.fee ?? null),
    required_features: input.requiredFeatures ?? [],
    credential_codes: input.credentialCodes ?? [],
    location_ids: input.locationIds ?? [],
  })
  trx.audit({ resourceType: 'service', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'service.created', resourceId: row.id, resourceVersion: row.version })
  return toService(row)
}

/** @throws Problem `not-found`, `stale-version`, `already-exists`, `unknown-reference` */
export async function changeService(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: ServiceChange,
): Promise<Service> {
  trx.audit({ resourceType: 'service', resourceId: id, fields: Object.keys(change) })
  await requireLocations(trx, change.locationIds)
  const { fee, ...others } = change
  const changes = given({
    name: others.name,
    duration_minutes: others.durationMinutes,
    buffer_before_minutes: others.bufferBeforeMinutes,
    buffer_after_minutes: others.bufferAfterMinutes,
    modes: others.modes,
    default_code: others.defaultCode,
    status: others.status,
    required_features: others.requiredFeatures,
    credential_codes: others.credentialCodes,
    location_ids: others.locationIds,
    ...(fee === undefined ? {} : feeColumns(fee)),
  })
  const changed = await repository.updateService(trx, id, version, changes)
  const row = await changedOrRefused(changed, () => repository.findService(trx, id))
  emit(trx, { type: 'service.updated', resourceId: id, resourceVersion: row.version })
  return toService(row)
}

async function requireLocations(trx: PracticeTransaction, ids: readonly string[] = []): Promise<void> {
  if (ids.length > 0 && !(await areLocations(trx, ids))) throw unknownReference('/locationIds')
}

const feeColumns = (fee: Service['fee']) => ({
  fee_amount: fee?.amount ?? null,
  fee_currency: fee?.currency ?? null,
})

function toService(row: repository.ServiceRow): Service {
  const { fee_amount: amount, fee_currency: currency } = row
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Service['kind'],
    durationMinutes: row.duration_minutes,
    bufferBeforeMinutes: row.buffer_before_minutes,
    bufferAfterMinutes: row.buffer_after_minutes,
    modes: row.modes as Service['modes'],
    defaultCode: row.default_code,
    fee: amount === null || currency === null ? null : { amount, currency },
    requiredFeatures: row.required_features,
    credentialCodes: row.credential_codes,
    locationIds: row.location_ids,
    status: row.status as Service['status'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
