import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { notAfter } from '../days.ts'
import type { DocumentChange, Stored } from './documents.ts'

/** What a change says of a status beside the fields it changes. */
export interface StatusAsked<S extends string> {
  status?: S
  statusOn?: string
  reason?: string
}

/**
 * What a change makes of a document: the fields it gives, and a status with the day since when.
 *
 * @param today where the client is
 * @throws Problem `invalid-state` for the status it has already; `invalid-request` for a day in the future, or without a
 *   status
 */
export function changeAsked<S extends string, C extends object>(
  trx: PracticeTransaction,
  today: string,
  current: Stored<S, C>,
  { status, statusOn, reason, ...fields }: StatusAsked<S> & Partial<C>,
): DocumentChange<S, C> & { content: C } {
  trx.audit({ fields: Object.keys(fields) })
  const content = { ...current.content, ...given(fields) }
  if (status === undefined) {
    if (statusOn !== undefined) throw invalidField('/statusOn', 'not-alone', 'Only together with `status`.')
    return { content, reason: reason ?? null }
  }
  if (status === current.status) {
    throw new Problem('invalid-state', { detail: 'It has this status already.' })
  }
  trx.audit({ fields: ['status'] })
  return { content, reason: reason ?? null, status, statusOn: notAfter(today, '/statusOn', statusOn) }
}
