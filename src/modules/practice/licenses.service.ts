import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { atVersion, changedOrRefused } from '../../lib/versions.ts'
import { isOver, requirePlausible } from './expiry.rules.ts'
import * as repository from './licenses.repository.ts'
import type { ExpiringQuery, License, LicenseChange, LicenseQuery, NewLicense } from './licenses.schemas.ts'
import { today } from './practice.repository.ts'
import { findStaff } from './staff.repository.ts'

/** The status that claims to be good today. */
const good = ['active']

/** @throws Problem `not-found` */
export async function getLicense(trx: PracticeTransaction, staffId: string, id: string): Promise<License> {
  trx.audit({ resourceType: 'license', resourceId: id })
  const row = await repository.findLicense(trx, staffId, id)
  if (!row) throw notFound()
  return toLicense(row, await today(trx))
}

/** @throws Problem `not-found` when there is no such person */
export async function listLicenses(
  trx: PracticeTransaction,
  staffId: string,
  { cursor, limit = limits.page.default }: LicenseQuery,
): Promise<Page<License>> {
  trx.audit({ resourceType: 'license' })
  const after = trx.cursorKey({ staffId }, cursor)?.[0] as string | undefined
  if (!(await findStaff(trx, staffId))) throw notFound()
  const rows = await repository.listLicenses(trx, staffId, { limit, after })
  const day = await today(trx)
  return toPage(
    rows,
    limit,
    row => toLicense(row, day),
    row => trx.cursorAfter({ staffId }, [row.id]),
  )
}

/** What the practice has to renew, most urgent first. */
export async function listExpiring(trx: PracticeTransaction, query: ExpiringQuery): Promise<Page<License>> {
  trx.audit({ resourceType: 'license' })
  const { cursor, limit = limits.page.default, expiringBefore } = query
  const filter = { expiringBefore }
  const [expiresOn, id] = (trx.cursorKey(filter, cursor) ?? []) as string[]
  const rows = await repository.listExpiring(trx, {
    limit,
    before: expiringBefore,
    after: expiresOn !== undefined && id !== undefined ? { expiresOn, id } : undefined,
  })
  const day = await today(trx)
  return toPage(
    rows,
    limit,
    row => toLicense(row, day),
    row => trx.cursorAfter(filter, [row.expires_on ?? '', row.id]),
  )
}

/**
 * @throws Problem `not-found` when there is no such person, `already-exists` when the practice has this
 *   number of this state and type, `invalid-request` for one that ran out and is said to be active
 */
export async function createLicense(
  trx: PracticeTransaction,
  staffId: string,
  input: NewLicense,
): Promise<License> {
  if (!(await findStaff(trx, staffId))) throw notFound()
  const day = await today(trx)
  const { issuedOn = null, expiresOn = null } = input
  requirePlausible({ status: input.status, issuedOn, expiresOn }, good, day)
  const row = await repository.insertLicense(trx, {
    staff_id: staffId,
    profession: input.profession,
    state: input.state,
    license_type: input.licenseType,
    number: input.number,
    status: input.status,
    issued_on: issuedOn,
    expires_on: expiresOn,
    source: input.source ?? null,
    verified_at: input.verifiedAt ?? null,
  })
  trx.audit({ resourceType: 'license', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'license.created', resourceId: row.id, resourceVersion: row.version })
  return toLicense(row, day)
}

/** @throws Problem `not-found`, `stale-version`, `already-exists`, `invalid-request` */
export async function changeLicense(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
  version: number,
  change: LicenseChange,
): Promise<License> {
  trx.audit({ resourceType: 'license', resourceId: id, fields: Object.keys(change) })
  const find = () => repository.findLicense(trx, staffId, id)
  const day = await today(trx)
  const before = toLicense(atVersion(await find(), version), day)
  requirePlausible({ ...before, ...given(change) }, good, day)
  const { licenseType, issuedOn, expiresOn, verifiedAt, ...same } = change
  const changes = given({
    ...same,
    license_type: licenseType,
    issued_on: issuedOn,
    expires_on: expiresOn,
    verified_at: verifiedAt,
  })
  const changed = await repository.updateLicense(trx, staffId, id, version, changes)
  const row = await changedOrRefused(changed, find)
  emit(trx, { type: 'license.updated', resourceId: id, resourceVersion: row.version })
  return toLicense(row, day)
}

function toLicense(row: repository.LicenseRow, day: string): License {
  const expired = good.includes(row.status) && isOver(row.expires_on, day)
  return {
    id: row.id,
    staffId: row.staff_id,
    profession: row.profession,
    state: row.state,
    licenseType: row.license_type,
    number: row.number,
    status: expired ? 'expired' : (row.status as License['status']),
    issuedOn: row.issued_on,
    expiresOn: row.expires_on,
    source: row.source,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
