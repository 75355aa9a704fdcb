import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FoundByJob, neverRaised, raiseFound, settleAlert } from '../alerts/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import { holdingStatuses } from './abstinence/abstinence.rules.ts'

const review = 'recovery_review_overdue'
const disclosure = 'partner_disclosure_overdue'

/**
 * Brings up what was agreed for a day that has passed: reviews of contracts, in the days of the practice, and that a
 * partner is told of a lapse. Each day is brought up once; what is more than a transaction should write waits for the
 * next round.
 */
export async function watchDates(trx: PracticeTransaction): Promise<void> {
  await raiseFound(trx, [...(await findReviews(trx)), ...(await findDisclosures(trx))])
}

/** A review that is just being recorded is waited for, by the version of its contract. */
async function findReviews(trx: PracticeTransaction): Promise<FoundByJob[]> {
  const known = { chartId: sql`k.chart_id`, key: sql`k.id::text || ':' || due.day::text` }
  const { rows } = await sql<{ id: string; chartId: string; day: string }>`
    select k.id, k.chart_id as "chartId", due.day from abstinence_contracts k
    join recovery_documents d on d.practice_id = k.practice_id and d.id = k.id
      and d.status = any(${holdingStatuses}::text[])
    join charts c on c.practice_id = k.practice_id and c.id = k.chart_id and c.status = 'open'
    cross join lateral unnest(k.reviews_on) as due(day)
    where k.practice_id = ${trx.practiceId} and due.day < ${practiceToday(trx)}
      and not exists (select from abstinence_contract_steps s where s.practice_id = k.practice_id
        and s.contract_id = k.id and s.step = 'reviewed' and s.effective_on >= due.day)
      and ${neverRaised(trx, review, known)}
    order by due.day, k.id limit 200
    for share of d`.execute(trx)
  return rows.map(({ id, chartId, day }) => ({
    chartId,
    rule: review,
    severity: 'info',
    key: `${id}:${day}`,
    evidence: { contractId: id, dueOn: day },
  }))
}

async function findDisclosures(trx: PracticeTransaction): Promise<FoundByJob[]> {
  const moment = sql`(extract(epoch from l.partner_disclosure_due_at) * 1000)::bigint`
  const known = { chartId: sql`l.chart_id`, key: sql`l.id::text || ':' || ${moment}::text` }
  const { rows } = await sql<{ id: string; chartId: string; dueAt: Date }>`
    select l.id, l.chart_id as "chartId", l.partner_disclosure_due_at as "dueAt" from lapses l
    join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
    join charts c on c.practice_id = l.practice_id and c.id = l.chart_id and c.status = 'open'
    where l.practice_id = ${trx.practiceId} and l.partner_disclosure_due_at <= now()
      and ${neverRaised(trx, disclosure, known)}
    order by l.partner_disclosure_due_at, l.id limit 200
    for share of d`.execute(trx)
  return rows.map(({ id, chartId, dueAt }) => ({
    chartId,
    rule: disclosure,
    severity: 'attention',
    key: disclosureKey(id, dueAt.toISOString()),
    evidence: { lapseId: id, dueAt: dueAt.toISOString() },
  }))
}

const disclosureKey = (lapseId: string, dueAt: string) => `${lapseId}:${Date.parse(dueAt)}`

type Outcome = 'handled' | 'no_longer_applies'

/** Nobody has to be told any longer that these reviews of a contract are overdue. */
export async function settleContractReviews(
  trx: PracticeTransaction,
  chart: OpenChart,
  { contractId, days, outcome }: { contractId: string; days: readonly string[]; outcome: Outcome },
): Promise<void> {
  await Promise.all(
    days.map(day => settleAlert(trx, chart, { rule: review, key: `${contractId}:${day}`, outcome })),
  )
}

/** The partner was told, or is not to be told until then any longer. */
export function settleDisclosure(
  trx: PracticeTransaction,
  chart: OpenChart,
  { lapseId, dueAt, outcome }: { lapseId: string; dueAt: string; outcome: Outcome },
): Promise<void> {
  return settleAlert(trx, chart, { rule: disclosure, key: disclosureKey(lapseId, dueAt), outcome })
}
