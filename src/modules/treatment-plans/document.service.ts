import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import { namesOf } from '../charts/index.ts'
import { findPractice } from '../practice/index.ts'
import { drawPlan } from './document.ts'
import { openPlan } from './plans.access.ts'
import { showRevision } from './plans.service.ts'

/**
 * The plan in force, or else the one offered, as a PDF.
 *
 * @throws Problem `not-found`; `invalid-state` while there is only a draft
 */
export async function printPlan(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
): Promise<{ version: number; bytes: Uint8Array }> {
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const { status, version, in_force_revision: inForce, revision: offered } = plan.row
  const revision = inForce ?? (status === 'client_review' ? offered : null)
  if (revision === null)
    throw new Problem('invalid-state', { detail: 'Nothing of this plan was offered yet.' })
  const [shown, names, practice] = await Promise.all([
    showRevision(trx, plan, revision),
    namesOf(trx, plan.chart),
    findPractice(trx),
  ])
  const bytes = await drawPlan({
    practiceName: practice?.name ?? '',
    clients: names,
    status,
    isInForce: inForce !== null,
    revision: shown,
  })
  return { version, bytes }
}
