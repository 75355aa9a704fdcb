import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FoundByJob, neverRaised, raiseFound, settleAlert } from '../alerts/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'

const rule = 'safety_review_overdue'

interface Due {
  id: string
  chartId: string
  dueOn: string
}

/**
 * Brings up risk assessments and safety plans that were to be looked at again by a day that has passed, in the days of
 * the practice: once for each of them and day. A review that is just being recorded is waited for; what is more than a
 * transaction should write waits for the next round.
 */
export async function watchSafetyReviews(trx: PracticeTransaction): Promise<void> {
  const [risks, plans] = await Promise.all([overdueRisks(trx), overduePlans(trx)])
  await raiseFound(trx, [
    ...risks.map(due => found(due, 'riskAssessmentId')),
    ...plans.map(due => found(due, 'safetyPlanId')),
  ])
}

const found = ({ id, chartId, dueOn }: Due, name: 'riskAssessmentId' | 'safetyPlanId'): FoundByJob => ({
  chartId,
  rule,
  severity: 'attention',
  key: keyOf(id, dueOn),
  evidence: { [name]: id, dueOn },
})

const keyOf = (id: string, dueOn: string) => `${id}:${dueOn}`

async function overdueRisks(trx: PracticeTransaction): Promise<Due[]> {
  const known = { chartId: sql`h.chart_id`, key: sql`h.id::text || ':' || r.next_review_on::text` }
  const { rows } = await sql<Due>`
    select h.id, h.chart_id as "chartId", r.next_review_on as "dueOn" from risk_assessments h
    join risk_assessment_revisions r on r.practice_id = h.practice_id and r.risk_assessment_id = h.id
      and r.revision = h.revision
    join charts c on c.practice_id = h.practice_id and c.id = h.chart_id and c.status = 'open'
    where h.practice_id = ${trx.practiceId} and h.status <> 'closed' and r.next_review_on < ${practiceToday(trx)}
      and ${neverRaised(trx, rule, known)}
    order by r.next_review_on, h.id limit 200
    for share of h`.execute(trx)
  return rows
}

async function overduePlans(trx: PracticeTransaction): Promise<Due[]> {
  const known = { chartId: sql`p.chart_id`, key: sql`p.id::text || ':' || p.review_due_on::text` }
  const { rows } = await sql<Due>`
    select p.id, p.chart_id as "chartId", p.review_due_on as "dueOn" from safety_plans p
    join charts c on c.practice_id = p.practice_id and c.id = p.chart_id and c.status = 'open'
    where p.practice_id = ${trx.practiceId} and p.status = 'active' and p.review_due_on < ${practiceToday(trx)}
      and ${neverRaised(trx, rule, known)}
    order by p.review_due_on, p.id limit 200
    for share of p`.execute(trx)
  return rows
}

/**
 * It was looked at again, or is over: nobody has to be told any longer that this is overdue.
 *
 * @param before what it was, and when it was to be looked at again
 */
export async function settleSafetyReview(
  trx: PracticeTransaction,
  chart: OpenChart,
  before: { id: string; dueOn: string | null },
  outcome: 'handled' | 'no_longer_applies',
): Promise<void> {
  if (before.dueOn === null) return
  await settleAlert(trx, chart, { rule, key: keyOf(before.id, before.dueOn), outcome })
}
