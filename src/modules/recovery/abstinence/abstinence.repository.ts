import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { AbstinenceContractSteps } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { ContractStep, StepOnDay } from '../days.rules.ts'

export type StepRow = Selectable<AbstinenceContractSteps>

export async function insertContract(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: { id: string; addiction_id: string | null; scope: string; reviews_on: string[] },
): Promise<void> {
  await trx
    .insertInto('abstinence_contracts')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .execute()
}

/** Leaves with COMMIT: a unique index refuses a second contract about the same. */
export function setRunning(trx: PracticeTransaction, id: string, isRunning: boolean): void {
  trx.later(
    trx
      .updateTable('abstinence_contracts')
      .set({ is_running: isRunning })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', id),
  )
}

export async function insertStep(
  trx: PracticeTransaction,
  chart: OpenChart,
  step: Omit<StepRow, 'practice_id' | 'chart_id' | 'created_at'>,
): Promise<void> {
  await trx
    .insertInto('abstinence_contract_steps')
    .values({ ...step, practice_id: trx.practiceId, chart_id: chart.id })
    .execute()
}

/** In their order, contract by contract. */
export function stepsOf(trx: PracticeTransaction, ids: readonly string[]): Promise<StepRow[]> {
  return trx
    .selectFrom('abstinence_contract_steps')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('contract_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('contract_id')
    .orderBy('version')
    .execute()
}

/** Every step of every contract of a chart, in one statement. */
export function stepsOfChart(trx: PracticeTransaction, chart: OpenChart): Promise<StepRow[]> {
  return trx
    .selectFrom('abstinence_contract_steps')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .orderBy('contract_id')
    .orderBy('version')
    .execute()
}

export const onDay = (row: StepRow): StepOnDay => ({
  step: row.step as ContractStep,
  effectiveOn: row.effective_on,
  plannedDays: row.planned_days,
})
