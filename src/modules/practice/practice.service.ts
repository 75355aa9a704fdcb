import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { requireNpi } from '../../lib/npi.ts'
import { notFound } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import * as repository from './practice.repository.ts'
import {
  defaultPolicies,
  type NewPractice,
  type Policies,
  type Practice,
  type PracticeChange,
} from './practice.schemas.ts'

/** @throws Problem `not-found` */
export async function getPractice(trx: PracticeTransaction): Promise<Practice> {
  trx.audit({ resourceType: 'practice', resourceId: trx.practiceId })
  const row = await repository.findPractice(trx)
  if (!row) throw notFound()
  return toPractice(row)
}

/** The rules the practice set for itself, with defaults for those it did not. */
export async function getPolicies(trx: PracticeTransaction): Promise<Policies> {
  return policiesOf(await repository.findPractice(trx))
}

/** The same of a practice that was read already. */
export const policiesOf = (row: Pick<repository.PracticeRow, 'policies'> | undefined): Policies => ({
  ...defaultPolicies,
  ...(row?.policies as Partial<Policies> | undefined),
})

/** Creates the practice of this transaction's scope, whose id is new. Its owner is identity's to make. */
export async function createPractice(
  trx: PracticeTransaction,
  input: Omit<NewPractice, 'owner'>,
): Promise<Practice> {
  const row = await repository.insertPractice(trx, {
    name: input.name,
    time_zone: input.timeZone,
    jurisdiction: input.jurisdiction,
    policies: JSON.stringify(defaultPolicies),
  })
  trx.audit({ resourceType: 'practice', resourceId: trx.practiceId, fields: Object.keys(input) })
  emit(trx, { type: 'practice.created', resourceId: trx.practiceId, resourceVersion: row.version })
  return toPractice(row)
}

/** @throws Problem `stale-version`, `invalid-request` for an NPI whose check digit is wrong */
export async function changePractice(
  trx: PracticeTransaction,
  version: number,
  change: PracticeChange,
): Promise<Practice> {
  trx.audit({ resourceType: 'practice', resourceId: trx.practiceId, fields: Object.keys(change) })
  requireNpi(change.npi)
  const { timeZone, policies, ...same } = change
  const merged = policies && JSON.stringify({ ...(await getPolicies(trx)), ...policies })
  const changes = given({ ...same, time_zone: timeZone, policies: merged })
  const row = await changedOrRefused(await repository.updatePractice(trx, version, changes), () =>
    repository.findPractice(trx),
  )
  emit(trx, { type: 'practice.updated', resourceId: trx.practiceId, resourceVersion: row.version })
  return toPractice(row)
}

function toPractice(row: repository.PracticeRow): Practice {
  return {
    id: row.practice_id,
    name: row.name,
    timeZone: row.time_zone,
    jurisdiction: row.jurisdiction,
    phone: row.phone,
    email: row.email,
    npi: row.npi,
    policies: { ...defaultPolicies, ...(row.policies as Partial<Policies>) },
    status: row.status as Practice['status'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
