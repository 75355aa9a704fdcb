import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { openCouple } from './couple-door.ts'
import * as repository from './couples.repository.ts'
import type { CoupleStatus, EndReason } from './couples.rules.ts'
import type { CoupleHistory } from './couples.schemas.ts'
import { sealedReason } from './sealed-places.ts'

/**
 * All that was ever recorded of a couple, ended ones too.
 *
 * @throws Problem `not-found`
 */
export async function getHistory(trx: PracticeTransaction, id: string): Promise<CoupleHistory> {
  await openCouple(trx, id)
  const [changes, periods, patients] = await Promise.all([
    repository.listStatusChanges(trx, id),
    repository.listPeriods(trx, id),
    repository.listIdentifiedPatients(trx, [id]),
  ])
  const statusChanges = await Promise.all(changes.map(row => toStatusChange(trx, row)))
  return {
    statusChanges,
    memberPeriods: periods.map(toPeriod),
    identifiedPatients: patients.map(toIdentifiedPatient),
  }
}

async function toStatusChange(trx: PracticeTransaction, row: repository.StatusChangeRow) {
  const { reason_sealed: sealed } = row
  return {
    status: row.status as CoupleStatus,
    effectiveOn: row.effective_from,
    reason: sealed ? (await trx.open(sealedReason(row.id), sealed)).toString() : null,
    endReason: row.end_reason as EndReason | null,
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}

const toPeriod = (row: repository.PeriodRow) => ({
  clientId: row.client_id,
  joinedAt: row.joined_at.toISOString(),
  leftAt: row.left_at?.toISOString() ?? null,
})

const toIdentifiedPatient = (row: repository.IdentifiedPatientRow) => ({
  clientId: row.client_id,
  effectiveOn: row.effective_from,
  recordedById: row.recorded_by,
  createdAt: row.recorded_at.toISOString(),
})
