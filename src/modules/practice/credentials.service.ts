import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { atVersion, changedOrRefused } from '../../lib/versions.ts'
import * as repository from './credentials.repository.ts'
import type { Credential, CredentialChange, CredentialQuery, NewCredential } from './credentials.schemas.ts'
import { isOver, requirePlausible } from './expiry.rules.ts'
import { today } from './practice.repository.ts'
import { findStaff } from './staff.repository.ts'

/** Statuses that claim to be good today. */
const good = ['candidate', 'held']

/** @throws Problem `not-found` */
export async function getCredential(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
): Promise<Credential> {
  trx.audit({ resourceType: 'credential', resourceId: id })
  const row = await repository.findCredential(trx, staffId, id)
  if (!row) throw notFound()
  return toCredential(row, await today(trx))
}

/** @throws Problem `not-found` when there is no such person */
export async function listCredentials(
  trx: PracticeTransaction,
  staffId: string,
  { cursor, limit = limits.page.default }: CredentialQuery,
): Promise<Page<Credential>> {
  trx.audit({ resourceType: 'credential' })
  const after = trx.cursorKey({ staffId }, cursor)?.[0] as string | undefined
  if (!(await findStaff(trx, staffId))) throw notFound()
  const rows = await repository.listCredentials(trx, staffId, { limit, after })
  const day = await today(trx)
  return toPage(
    rows,
    limit,
    row => toCredential(row, day),
    row => trx.cursorAfter({ staffId }, [row.id]),
  )
}

/**
 * @throws Problem `not-found` when there is no such person, `already-exists` when the person has this
 *   credential, `invalid-request` for one that ran out and is said to be good
 */
export async function createCredential(
  trx: PracticeTransaction,
  staffId: string,
  input: NewCredential,
): Promise<Credential> {
  if (!(await findStaff(trx, staffId))) throw notFound()
  const day = await today(trx)
  const { number = null, issuedOn = null, expiresOn = null, ...same } = input
  requirePlausible({ status: same.status, issuedOn, expiresOn }, good, day)
  const row = await repository.insertCredential(trx, {
    ...same,
    number,
    staff_id: staffId,
    issued_on: issuedOn,
    expires_on: expiresOn,
  })
  trx.audit({ resourceType: 'credential', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'credential.created', resourceId: row.id, resourceVersion: row.version })
  return toCredential(row, day)
}

/** @throws Problem `not-found`, `stale-version`, `already-exists`, `invalid-request` */
export async function changeCredential(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
  version: number,
  change: CredentialChange,
): Promise<Credential> {
  trx.audit({ resourceType: 'credential', resourceId: id, fields: Object.keys(change) })
  const find = () => repository.findCredential(trx, staffId, id)
  const day = await today(trx)
  const before = toCredential(atVersion(await find(), version), day)
  requirePlausible({ ...before, ...given(change) }, good, day)
  const { issuedOn, expiresOn, ...same } = change
  const changes = given({ ...same, issued_on: issuedOn, expires_on: expiresOn })
  const changed = await repository.updateCredential(trx, staffId, id, version, changes)
  const row = await changedOrRefused(changed, find)
  emit(trx, { type: 'credential.updated', resourceId: id, resourceVersion: row.version })
  return toCredential(row, day)
}

function toCredential(row: repository.CredentialRow, day: string): Credential {
  const lapsed = good.includes(row.status) && isOver(row.expires_on, day)
  return {
    id: row.id,
    staffId: row.staff_id,
    code: row.code,
    issuer: row.issuer,
    status: lapsed ? 'lapsed' : (row.status as Credential['status']),
    number: row.number,
    issuedOn: row.issued_on,
    expiresOn: row.expires_on,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
