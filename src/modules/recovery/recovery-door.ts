import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { type OpenChart, openChart, readableClasses } from '../charts/index.ts'

export type RecoveryClass = 'clinical' | 'restricted'

/**
 * The door to recovery work: a client's own individual chart. Couples and groups have none of it, so there it is not
 * found.
 *
 * @throws Problem `not-found`; `invalid-state` to write in a closed chart
 */
export async function openRecovery(
  trx: PracticeTransaction,
  chartId: string,
  verb: 'read' | 'write',
  dataClass: RecoveryClass = 'clinical',
): Promise<OpenChart> {
  const chart = await openChart(trx, chartId, {
    dataClass,
    permission: `recovery:${verb}`,
    write: verb === 'write',
  })
  if (chart.kind !== 'individual') throw notFound()
  return chart
}

/** Whether somebody who passed the door for clinical data may also see what is restricted in this chart. */
export const seesRestricted = (trx: PracticeTransaction, chart: OpenChart): boolean =>
  chart.via !== 'self' && readableClasses(trx.scope.actor, chart).includes('restricted')
