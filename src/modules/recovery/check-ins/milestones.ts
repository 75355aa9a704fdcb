import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { OpenChart } from '../../charts/index.ts'
import { onDay, type StepRow } from '../abstinence/abstinence.repository.ts'
import { contractDays } from '../days.rules.ts'

/**
 * Tells of the milestones of contracts that lie behind, at the first check-in since: until then nobody said that the days
 * were lived. Each is told once for each beginning of a contract; the key decides between two check-ins at once.
 *
 * @param steps those of every contract of the chart
 */
export async function confirmMilestones(
  trx: PracticeTransaction,
  chart: OpenChart,
  { checkInId, coversOn, steps }: { checkInId: string; coversOn: string; steps: readonly StepRow[] },
): Promise<void> {
  const reached = [...Map.groupBy(steps, step => step.contract_id)].flatMap(([contractId, own]) => {
    const { startsOn, milestones } = contractDays(own.map(onDay), coversOn)
    return milestones
      .filter(milestone => milestone.reached)
      .map(({ count }) => ({ contractId, startsOn, days: count }))
  })
  if (reached.length === 0) return
  const { rows } = await sql<{ contract_id: string }>`
    insert into abstinence_milestones (practice_id, chart_id, contract_id, starts_on, days, check_in_id)
    select ${trx.practiceId}, ${chart.id}, m."contractId", m."startsOn", m.days, ${checkInId}
    from jsonb_to_recordset(${JSON.stringify(reached)}::jsonb) as m("contractId" uuid, "startsOn" date, days integer)
    on conflict on constraint abstinence_milestones_pkey do nothing
    returning contract_id`.execute(trx)
  for (const { contract_id } of rows)
    emit(trx, { type: 'abstinence-contract.milestone-reached', resourceId: contract_id, chartId: chart.id })
}
