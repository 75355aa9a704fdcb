import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { notAfter } from '../days.ts'

interface Asked<S extends string> {
  status: S | undefined
  statusOn: string | undefined
  reason: string | undefined
}

/**
 * What a change says about the status of something: since when, and why.
 *
 * @param today where the client is
 * @throws Problem `invalid-state` for the status it has already; `invalid-request` for a day in the future, or without a
 *   status
 */
export function statusChange<S extends string>(
  trx: PracticeTransaction,
  today: string,
  current: { status: S },
  { status, statusOn, reason }: Asked<S>,
): { status?: S; statusOn?: string; reason: string | null } {
  if (status === undefined) {
    if (statusOn !== undefined) throw invalidField('/statusOn', 'not-alone', 'Only together with `status`.')
    return { reason: reason ?? null }
  }
  if (status === current.status) {
    throw new Problem('invalid-state', { detail: 'It has this status already.' })
  }
  trx.audit({ fields: ['status'] })
  return { status, statusOn: notAfter(today, '/statusOn', statusOn), reason: reason ?? null }
}
