import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { coupleChartId } from '../couples/index.ts'
import { unknownReference } from './booking.rules.ts'
import { findIndividualChart } from './supply.repository.ts'

/** Whom a session is for. */
export interface Subject {
  clientId?: string
  coupleId?: string
}

/**
 * The chart a session belongs to, through its door: who may book for it may come in.
 *
 * @throws Problem `unknown-reference` for a client or couple that is not there or may not be seen
 */
export async function openSubject(
  trx: PracticeTransaction,
  { clientId, coupleId }: Subject,
): Promise<OpenChart> {
  if ((clientId === undefined) === (coupleId === undefined))
    throw invalidField('', 'one-of', 'Give either `clientId` or `coupleId`.')
  const pointer = clientId === undefined ? '/coupleId' : '/clientId'
  const chartId =
    clientId === undefined
      ? await coupleChartId(trx, coupleId ?? '')
      : await findIndividualChart(trx, clientId)
  if (!chartId) throw unknownReference(pointer)
  try {
    return await openChart(trx, chartId, {
      dataClass: 'administrative',
      permission: 'appointments:write',
      write: true,
    })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference(pointer) : error
  }
}
