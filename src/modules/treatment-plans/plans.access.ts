import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { type OpenChart, openChart, openOwnChart } from '../charts/index.ts'
import { changePlan, findPlan, type OpenPlan, type PlanRow } from './plans.repository.ts'
import { type PlanStep, requireStep } from './plans.rules.ts'

type Verb = 'plans:read' | 'plans:write' | 'plans:cosign'

/** @throws Problem `not-found`, `invalid-state` to write in a closed chart */
export function openPlanChart(
  trx: PracticeTransaction,
  chartId: string,
  permission: Verb,
): Promise<OpenChart> {
  return openChart(trx, chartId, {
    dataClass: 'clinical',
    permission,
    ...(permission === 'plans:read' ? {} : { write: true }),
  })
}

/**
 * The door to one plan: through its chart.
 *
 * @throws Problem `not-found`, `invalid-state` to write in a closed chart
 */
export async function openPlan(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
  permission: Verb,
): Promise<OpenPlan> {
  trx.audit({ resourceType: 'treatment-plan', resourceId: planId })
  const chart = await openPlanChart(trx, chartId, permission)
  return { chart, row: found(await findPlan(trx, chart, planId)) }
}

/**
 * The door to one plan through the portal: the client's own, while it is offered and once it was in force.
 *
 * @throws Problem `not-found`
 */
export async function openOwnPlan(trx: PracticeTransaction, planId: string): Promise<OpenPlan> {
  trx.audit({ resourceType: 'treatment-plan', resourceId: planId })
  const chart = await openOwnChart(trx)
  const row = found(await findPlan(trx, chart, planId))
  if (row.in_force_revision === null && row.status !== 'client_review') throw notFound()
  return { chart, row }
}

function found(row: PlanRow | undefined): PlanRow {
  if (!row) throw notFound()
  return row
}

/**
 * The plan as the caller read it, for a step that is possible in its state.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function openForStep(
  trx: PracticeTransaction,
  { chartId, planId }: { chartId: string; planId: string },
  version: number,
  step: PlanStep,
  permission: Verb = 'plans:write',
): Promise<OpenPlan> {
  // All that a plan says is sealed, so the keys are there before they are waited for.
  const [plan] = await Promise.all([openPlan(trx, chartId, planId, permission), trx.sealer()])
  requireVersion(plan, version)
  requireStep(plan.row.status, step)
  return plan
}

/** @throws Problem `stale-version` */
export function requireVersion({ row }: OpenPlan, version: number): void {
  if (row.version !== version) throw new Problem('stale-version')
}

/** The plan after a change. @throws Problem `stale-version` when somebody was faster */
export async function changed(
  trx: PracticeTransaction,
  plan: OpenPlan,
  changes: Parameters<typeof changePlan>[2],
): Promise<OpenPlan> {
  const row = await changePlan(trx, plan, changes)
  if (!row) throw new Problem('stale-version')
  return { ...plan, row }
}
