import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FoundByJob, neverRaised, raiseFound, settleAlert } from '../alerts/index.ts'
import { practiceToday } from '../practice/index.ts'

const rule = 'plan_review_overdue'
const keyOf = (planId: string, dueOn: string) => `${planId}:${dueOn}`

interface OverdueRow {
  id: string
  chartId: string
  dueOn: string
}

/**
 * Brings up plans in force whose review is overdue, in the days of the practice: once for each plan and due date. A review
 * that is just being recorded is waited for. What is more than a transaction should write waits for the next round.
 */
export async function watchPlanReviews(trx: PracticeTransaction): Promise<void> {
  const known = { chartId: sql`p.chart_id`, key: sql`p.id::text || ':' || p.review_due_on::text` }
  const { rows } = await sql<OverdueRow>`
    select p.id, p.chart_id as "chartId", p.review_due_on as "dueOn"
    from treatment_plans p
    join charts c on c.practice_id = p.practice_id and c.id = p.chart_id and c.status = 'open'
    where p.practice_id = ${trx.practiceId} and p.review_due_on < ${practiceToday(trx)}
      and p.in_force_revision is not null and p.status = any(array['client_review', 'active', 'under_review'])
      and ${neverRaised(trx, rule, known)}
    order by p.review_due_on, p.id limit 200
    for share of p`.execute(trx)
  await raiseFound(trx, rows.map(found))
}

const found = ({ id, chartId, dueOn }: OverdueRow): FoundByJob => ({
  chartId,
  rule,
  severity: 'attention',
  key: keyOf(id, dueOn),
  evidence: { planId: id, dueOn },
})

/**
 * A plan was reviewed, or guides the treatment no more: nobody has to be told any longer that its review is overdue.
 *
 * @param plan as it was before
 */
export async function settleReview(
  trx: PracticeTransaction,
  plan: { id: string; chart_id: string; review_due_on: string | null },
  outcome: 'handled' | 'no_longer_applies',
): Promise<void> {
  if (plan.review_due_on === null) return
  await settleAlert(trx, { id: plan.chart_id }, { rule, key: keyOf(plan.id, plan.review_due_on), outcome })
}
