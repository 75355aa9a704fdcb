import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { notFound } from '../../../lib/problems.ts'
import { atVersion } from '../../../lib/versions.ts'
import { type OpenChart, openChart } from '../../charts/index.ts'
import * as repository from './sessions.repository.ts'
import { type GroupSessionStep, requireStep } from './sessions.rules.ts'

export const clinical = (verb: 'read' | 'write') =>
  ({ dataClass: 'clinical', permission: `notes:${verb}` }) as const

/** @throws Problem `not-found`, also for a chart that is no group's; `invalid-state` to write in a closed chart */
export async function openGroup(
  trx: PracticeTransaction,
  chartId: string,
  verb: 'read' | 'write',
): Promise<OpenChart> {
  trx.audit({ resourceType: 'group-session' })
  const chart = await openChart(trx, chartId, { ...clinical(verb), write: verb === 'write' })
  if (chart.kind !== 'group') throw notFound()
  return chart
}

/** Which group session. */
export interface SessionPath {
  chartId: string
  groupSessionId: string
}

/**
 * The door to one group session: through its group's chart. A draft is its author's alone.
 *
 * @throws Problem `not-found`, `invalid-state` to write in a closed chart
 */
export async function openSession(
  trx: PracticeTransaction,
  { chartId, groupSessionId }: SessionPath,
  verb: 'read' | 'write',
): Promise<repository.OpenSession> {
  trx.audit({ resourceId: groupSessionId })
  const chart = await openGroup(trx, chartId, verb)
  const row = await repository.findSession(trx, chart, groupSessionId)
  if (!row || (row.status === 'draft' && row.author_id !== trx.scope.actor.staffId)) throw notFound()
  return { chart, row }
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function openForStep(
  trx: PracticeTransaction,
  path: SessionPath,
  version: number,
  step: GroupSessionStep,
): Promise<repository.OpenSession> {
  const session = await openSession(trx, path, 'write')
  atVersion(session.row, version)
  requireStep(session.row.status, step)
  return session
}
